/** Small pictures of the first and last examples as data URLs, so that a report stands alone. */
import type { Example } from '../../core/evaluation.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { createThumbnails } from '../../data/thumbnails.ts';

/** RGB, side × side × 3, as the bytes of a PNG (data/writers). */
export type ThumbMaker = (pixels: Uint8Array, side: number) => Promise<Uint8Array>;

const side = 64;
/** From either end. */
const shown = 12;

export class Thumbs {
  private readonly data: PreparedData;
  private readonly make: ThumbMaker;
  private readonly known = new Map<number, string>();

  constructor(data: PreparedData, make: ThumbMaker) {
    this.data = data;
    this.make = make;
  }

  /** @param examples with samples of this data */
  async add(examples: readonly Example[]): Promise<Example[]> {
    const result: Example[] = [];
    for (const [place, one] of examples.entries()) {
      const near = place < shown || place >= examples.length - shown;
      const picture = near ? await this.picture(one.sample) : undefined;
      result.push({ ...one, ...(picture && { picture }) });
    }
    return result;
  }

  private async picture(sample: number): Promise<string | undefined> {
    const { data, known, make } = this;
    if (data.size === 0 || data.present?.image?.[sample] === 0) return undefined;
    let url = known.get(sample);
    if (!url) {
      const { pixels } = createThumbnails(data, [sample], Math.min(side, data.size));
      const png = await make(pixels, Math.min(side, data.size));
      let text = '';
      for (const byte of png) text += String.fromCharCode(byte);
      url = `data:image/png;base64,${btoa(text)}`;
      known.set(sample, url);
    }
    return url;
  }
}
