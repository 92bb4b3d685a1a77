/**
 * Telemetry from the engine worker to the page, on a port of its own. One frame is one ArrayBuffer: a JSON header
 * (status and what the arrays mean) and then the arrays, 8-byte aligned, transferred and never copied twice.
 * At most one frame is on its way. While it is unacknowledged the newest status replaces older ones and metric rows
 * accumulate; a hidden or frozen tab therefore never finds a queue when it wakes.
 */
import type { Finding, SessionStatus, Telemetry } from './api.ts';

const VERSION = 1;
const PREFIX = 8;
/** Beyond this many waiting rows every second one is dropped; the run itself keeps them all. */
const MOST_WAITING_ROWS = 50_000;

interface Header {
  status: SessionStatus;
  rows: number;
  columns: string[];
  findings?: Finding[];
}

const align = (bytes: number) => (bytes + 7) & ~7;

/** One frame as bytes. Column lengths must be equal. */
export function encodeTelemetry(telemetry: Telemetry): ArrayBuffer {
  const columns = Object.keys(telemetry.metrics);
  const rows = columns.length > 0 ? telemetry.metrics[columns[0]].length : 0;
  const header: Header = { status: telemetry.status, rows, columns, findings: telemetry.findings };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = align(PREFIX + json.length);
  const buffer = new ArrayBuffer(start + rows * columns.length * 8);
  new DataView(buffer).setUint32(0, VERSION, true);
  new DataView(buffer).setUint32(4, json.length, true);
  new Uint8Array(buffer).set(json, PREFIX);
  const doubles = new Float64Array(buffer, start, rows * columns.length);
  columns.forEach((name, i) => {
    doubles.set(telemetry.metrics[name], i * rows);
  });
  return buffer;
}

/** The frame back; its arrays are views of `buffer`. */
export function decodeTelemetry(buffer: ArrayBuffer): Telemetry {
  const view = new DataView(buffer);
  const version = view.getUint32(0, true);
  if (version !== VERSION) throw new Error(`telemetry version ${version}, this page reads ${VERSION}`);
  const length = view.getUint32(4, true);
  const header: Header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, PREFIX, length)));
  let offset = align(PREFIX + length);
  const telemetry: Telemetry = { status: header.status, metrics: {}, findings: header.findings };
  for (const name of header.columns) {
    telemetry.metrics[name] = new Float64Array(buffer, offset, header.rows);
    offset += header.rows * 8;
  }
  return telemetry;
}

/** What a worker may say at a time: any part of a frame; `metrics` are new rows. */
export interface TelemetryPart {
  status?: SessionStatus;
  metrics?: Record<string, ArrayLike<number>>;
  findings?: Finding[];
}

/** The worker's side. Call `send` as often as you like; it never queues more than one frame. */
export class TelemetrySender {
  private readonly port: MessagePort;
  private readonly interval: number;
  private status: SessionStatus = { state: 'idle', step: 0, steps: 0 };
  private columns: Record<string, number[]> = {};
  private rows = 0;
  private findings: Finding[] | undefined;
  private dirty = false;
  private inFlight = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastSent = 0;

  /** @param interval least milliseconds between two frames */
  constructor(port: MessagePort, interval = 16) {
    this.port = port;
    this.interval = interval;
    port.onmessage = () => {
      this.inFlight = false;
      this.schedule();
    };
  }

  send(part: TelemetryPart): void {
    if (part.status) this.status = part.status;
    if (part.findings) this.findings = part.findings;
    if (part.metrics) this.addRows(part.metrics);
    this.dirty = true;
    this.schedule();
  }

  /** Rows that wait for an acknowledgement. */
  get waitingRows(): number {
    return this.rows;
  }

  close(): void {
    clearTimeout(this.timer);
    this.port.close();
  }

  private addRows(metrics: Record<string, ArrayLike<number>>): void {
    const names = Object.keys(metrics);
    const added = names.length > 0 ? metrics[names[0]].length : 0;
    for (const name of names) this.columns[name] ??= new Array<number>(this.rows).fill(Number.NaN);
    for (const [name, column] of Object.entries(this.columns)) {
      const values = metrics[name];
      for (let i = 0; i < added; i++) column.push(values ? values[i] : Number.NaN);
    }
    this.rows += added;
    if (this.rows > MOST_WAITING_ROWS) this.thin();
  }

  private thin(): void {
    const kept = (_: number, i: number) => i % 2 === this.rows % 2;
    for (const name of Object.keys(this.columns)) this.columns[name] = this.columns[name].filter(kept);
    this.rows = Object.values(this.columns)[0].length;
  }

  private schedule(): void {
    if (!this.dirty || this.inFlight || this.timer !== undefined) return;
    const wait = Math.max(0, this.lastSent + this.interval - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, wait);
  }

  private flush(): void {
    const metrics = Object.fromEntries(
      Object.entries(this.columns).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    const frame = encodeTelemetry({
      status: this.status,
      metrics,
      findings: this.findings,
    });
    this.columns = {};
    this.rows = 0;
    this.findings = undefined;
    this.dirty = false;
    this.inFlight = true;
    this.lastSent = performance.now();
    this.port.postMessage(frame, [frame]);
  }
}

/**
 * The page's side: gives each frame to `onFrame` and acknowledges it at the next animation tick, or once a second
 * while the page is hidden. Returns a function that ends it.
 */
export function receiveTelemetry(port: MessagePort, onFrame: (telemetry: Telemetry) => void): () => void {
  const acknowledge = () => port.postMessage(VERSION);
  port.onmessage = (event: MessageEvent<ArrayBuffer>) => {
    if (typeof document === 'undefined') acknowledge();
    else if (document.hidden) setTimeout(acknowledge, 1000);
    else {
      // The tab may be hidden before the tick comes: whichever is first acknowledges, once.
      let done = false;
      const once = () => {
        if (done) return;
        done = true;
        acknowledge();
      };
      requestAnimationFrame(once);
      setTimeout(once, 1000);
    }
    onFrame(decodeTelemetry(event.data));
  };
  return () => {
    port.onmessage = null;
    port.close();
  };
}
