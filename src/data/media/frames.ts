/** Frames of a film at given times, decoded by WebCodecs, the right way up and with square pixels. */
import { type InputVideoTrack, VideoSampleSink } from 'mediabunny';
import { pixelLimit } from '../image/header.ts';
import type { Picture } from '../image/resize.ts';
import { checkDecoder, forEachDecoded, inTime } from './open.ts';

/**
 * @param moments seconds on the film's clock, in order: a packet is decoded at most once. At each is seen the last frame that begins by then,
 *   and before the first frame that one.
 * @param use gets the place among `moments` and the frame; undefined where the film could not be decoded there
 * @throws Error where nothing can be decoded
 */
export async function decodeFrames(
  track: InputVideoTrack,
  moments: readonly number[],
  use: (index: number, picture: Picture | undefined) => void,
): Promise<void> {
  await checkDecoder(track);
  const [width, height] = await inTime(Promise.all([track.getDisplayWidth(), track.getDisplayHeight()]));
  if (!(width * height > 0 && width * height <= pixelLimit))
    throw new Error(`its frames have ${width} × ${height} pixels`);
  const first = await inTime(track.getFirstTimestamp());
  const canvas = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!canvas) throw new Error('no canvas of this size can be made');
  const frames = new VideoSampleSink(track).samplesAtTimestamps(
    moments.map((moment) => Math.max(first, moment)),
  );
  let index = 0;
  await forEachDecoded(frames, (frame) => {
    if (frame) {
      canvas.clearRect(0, 0, width, height);
      frame.draw(canvas, 0, 0, width, height);
    }
    const picture = frame
      ? { width, height, data: canvas.getImageData(0, 0, width, height).data }
      : undefined;
    use(index++, picture);
    return index < moments.length;
  });
  while (index < moments.length) use(index++, undefined);
}
