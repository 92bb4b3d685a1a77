/** What this browser can train with, and what the studio would choose. */
import { createStore } from 'zustand/vanilla';
import type { ExecutorCapability, ExecutorName } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { settings } from './settings.ts';

export const capabilities = createStore<{ list: ExecutorCapability[]; loaded: boolean }>(() => ({
  list: [],
  loaded: false,
}));

export async function loadCapabilities(): Promise<void> {
  capabilities.setState({ list: await api().engine.capabilities(), loaded: true });
}

/** Our engine where there is an adapter of any kind, else TensorFlow.js, fastest first. */
const order: ExecutorName[] = ['webgpu', 'tfjs-webgpu', 'tfjs-webgl', 'tfjs-wasm', 'tfjs-cpu'];

export function chooseExecutor(list: ExecutorCapability[], wanted: ExecutorName | 'auto'): ExecutorName {
  const available = new Set(list.filter((item) => item.available).map((item) => item.name));
  if (wanted !== 'auto' && available.has(wanted)) return wanted;
  return order.find((name) => available.has(name)) ?? 'tfjs-cpu';
}

export function currentExecutor(): ExecutorName {
  return chooseExecutor(capabilities.getState().list, settings.getState().executor);
}
