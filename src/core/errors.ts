/**
 * The one error class of the product. It carries a code and its parameters; what a person reads is in core/errorTexts.ts, apart, because workers throw
 * and only the page and the headless program speak.
 */
import type { ErrorCode } from './errorTexts.ts';

export type { ErrorCode, Language } from './errorTexts.ts';
export type ErrorParams = Record<string, string | number>;

/** Crosses the worker boundary whole (see workers/transfer.ts). */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    const told = Object.entries(params).map(([name, value]) => `${name} ${value}`);
    super([code, told.join(', ')].filter(Boolean).join(': '), options);
    this.name = 'StudioError';
    this.code = code;
    this.params = params;
  }
}

/** Any thrown value as a StudioError; unknown ones become `internal` and keep their cause. */
export function asStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DOMException && error.name === 'AbortError')
    return new StudioError('cancelled', { what: message });
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return new StudioError('quota-exceeded', { what: message, needed: '–' });
  return new StudioError('internal', { message }, { cause: error });
}
