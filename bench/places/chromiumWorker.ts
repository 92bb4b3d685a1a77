/** The module worker of one engine in Chromium. */
import { readReference } from '../../src/engine/testing/safetensors.ts';
import { type Command, Host, obey } from '../host.ts';
import type { Answer } from './remote.ts';

const counting = new URL(location.href).searchParams.has('counting');
const file = await fetch('/clip-tiny.safetensors');
const reference = file.ok ? readReference(new Uint8Array(await file.arrayBuffer())) : undefined;
const host = new Host({ gpu: navigator.gpu, reference }, counting);

self.onmessage = async ({ data }: MessageEvent<Command>) => {
  let answer: Answer;
  try {
    answer = { value: await obey(host, data) };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(answer);
};
self.postMessage('ready');
