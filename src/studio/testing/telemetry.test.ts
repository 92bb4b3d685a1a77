/** The telemetry codec and its one-frame-in-flight protocol. */
import { describe, expect, test } from 'vitest';
import type { Telemetry } from '../../workers/api.ts';
import {
  decodeTelemetry,
  encodeTelemetry,
  receiveTelemetry,
  TelemetrySender,
} from '../../workers/telemetry.ts';

const status = { state: 'running' as const, step: 7, steps: 100, run: '图' };

describe('codec', () => {
  test('round trip keeps numbers, NaN, texts and findings', () => {
    const frame: Telemetry = {
      status,
      metrics: { step: Float64Array.of(6, 7), loss: Float64Array.of(1 / 3, Number.NaN) },
    };
    expect(decodeTelemetry(encodeTelemetry(frame))).toEqual(frame);
  });
  test('another version is refused', () => {
    const buffer = encodeTelemetry({ status, metrics: {} });
    new DataView(buffer).setUint32(0, 99, true);
    expect(() => decodeTelemetry(buffer)).toThrow('version 99');
  });
});

describe('protocol', () => {
  test('rows accumulate until the frame is acknowledged, and newer columns are filled with NaN', async () => {
    const { port1, port2 } = new MessageChannel();
    const sender = new TelemetrySender(port1, 0);
    const frames: Telemetry[] = [];
    sender.send({ status, metrics: { step: [1] } });
    await new Promise((done) => setTimeout(done, 20));
    // The page has not listened yet: one frame is on its way, the rest waits here.
    for (let step = 2; step < 50; step++)
      sender.send({ metrics: step % 2 ? { step: [step], loss: [step] } : { step: [step] } });
    expect(sender.waitingRows).toBe(48);
    const stop = receiveTelemetry(port2, (frame) => frames.push(frame));
    await new Promise((done) => setTimeout(done, 50));
    expect(frames).toHaveLength(2);
    expect([...frames[1].metrics.step]).toEqual(Array.from({ length: 48 }, (_, i) => i + 2));
    expect(frames[1].metrics.loss[0]).toBeNaN();
    expect(frames[1].metrics.loss[1]).toBe(3);
    stop();
    sender.close();
  });
});
