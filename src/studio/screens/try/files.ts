/** Pictures and sounds that a person brings: files, and the microphone. */
import { type Clip, clipOf, longest } from '../../../core/clip.ts';
import { StudioError } from '../../../core/errors.ts';

export interface Picture {
  /** RGB, size × size × 3. */
  pixels: Uint8Array;
  size: number;
}
const side = 224;
/** Centre square of a picture file on white. @throws StudioError `image-decode` */
export async function squareOf(file: File): Promise<Picture> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new StudioError(
      'image-decode',
      { file: file.name, message: 'the browser cannot read it' },
      { cause },
    );
  });
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, side, side);
  const edge = Math.min(bitmap.width, bitmap.height);
  const [x, y] = [(bitmap.width - edge) / 2, (bitmap.height - edge) / 2];
  context.drawImage(bitmap, x, y, edge, edge, 0, 0, side, side);
  bitmap.close();
  const { data } = context.getImageData(0, 0, side, side);
  const pixels = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) pixels.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { pixels, size: side };
}

export async function play({ rate, samples }: Clip): Promise<void> {
  const context = new AudioContext();
  const buffer = context.createBuffer(1, Math.max(1, samples.length), rate);
  buffer.copyToChannel(
    Float32Array.from(samples, (value) => value / 32768),
    0,
  );
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.onended = () => void context.close();
  source.start();
}

/** Records until `stop` is called or the longest time is over. @throws DOMException where the microphone is not given */
export async function record(): Promise<{ stop(): void; clip: Promise<Clip> }> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stop = () => recorder.state === 'recording' && recorder.stop();
  const timer = setTimeout(stop, longest * 1000);
  const clip = new Promise<Clip>((resolve, reject) => {
    recorder.onstop = () => {
      clearTimeout(timer);
      for (const track of stream.getTracks()) track.stop();
      clipOf('microphone', new Blob(parts)).then(resolve, reject);
    };
  });
  recorder.start();
  return { stop, clip };
}
