/**
 * Errors across the worker boundary. comlink keeps only message, name and stack of an error; ours carry a code, its
 * parameters and a chain of causes, which the page needs to name them in the reader's language. Importing this module
 * registers the handler; both sides must.
 */
import { transferHandlers } from 'comlink';
import { asStudioError, type ErrorCode, type ErrorParams, StudioError } from '../core/errors.ts';

/** An error as plain data. */
interface WireError {
  name: string;
  message: string;
  stack?: string;
  /** Of a StudioError. */
  code?: ErrorCode;
  params?: ErrorParams;
  cause?: WireError;
}

/** Longest chain of causes that is carried; it also ends a chain that bites its tail. */
const longestChain = 8;

export function toWire(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  const wire: WireError = { name, message, stack };
  if (error instanceof StudioError) Object.assign(wire, { code: error.code, params: error.params });
  if (error.cause !== undefined && depth < longestChain) wire.cause = toWire(error.cause, depth + 1);
  return wire;
}

export function fromWire(wire: WireError): Error {
  const options = wire.cause === undefined ? undefined : { cause: fromWire(wire.cause) };
  const error =
    wire.code === undefined
      ? new Error(wire.message, options)
      : new StudioError(wire.code, wire.params, options);
  error.name = wire.name;
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

interface Thrown {
  value: unknown;
}

// comlink marks what was thrown with a symbol of its own; only its own handler can recognize the mark.
const plain = transferHandlers.get('throw');
if (plain) {
  transferHandlers.set('throw', {
    canHandle: (value): value is Thrown => plain.canHandle(value),
    serialize: ({ value }: Thrown): [WireError, Transferable[]] => [toWire(asStudioError(value)), []],
    deserialize(wire: WireError): never {
      throw fromWire(wire);
    },
  });
}
