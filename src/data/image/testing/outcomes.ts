/** What tricky pictures come to, beside the list of what they should (../shared/data/images-tricky). Tests only. */
import { StudioError } from '../../../core/errors.ts';

/** As Pillow finds it. */
export interface Outcome {
  decodes: boolean;
  size?: [number, number];
  alpha?: boolean;
  rgba8_sha256?: string;
}

export type Found = 'decoded' | 'refused';

/** @throws anything but our own errors of pictures */
export async function outcomeOf(decode: () => Promise<Uint8Array>): Promise<Found> {
  try {
    await decode();
    return 'decoded';
  } catch (error) {
    if (error instanceof StudioError && /^image-(decode|too-large)$/.test(error.code)) return 'refused';
    throw error;
  }
}

/** Decoders that read more than Pillow does, or less; each is named. */
const otherwise: Record<'chromium' | 'sharp', RegExp[]> = {
  chromium: [
    // 16-bit and masked bitmaps that Pillow leaves to others, and a run that leads outside the picture.
    /V3_[AX]4_R4_G4_B4|pal8oversizepal|rgb16-880|pal2color|rgb32bf|rgba16-1924|rgba32abf|badrle\.bmp/,
    // Its picture data has a wrong checksum.
    /xcsn0g01\.png/,
  ],
  sharp: [
    // Bitmaps of less than 8 bits, of 16 bits, with masks, packed or of OS/2, which only browsers read here.
    /Core_4_Bit|Info_1_Bit|Info_X1_R5|V3_A1_R5|V3_R5_G6|V3_X8_R8|V5_A1_R5|invalid_run_length|badplanes|badrle|rletopdown|pal8os2|rgb16-565/,
    /pal8oversizepal/,
    /xcsn0g01\.png/,
  ],
};

export function alikeOrLenient(
  path: string,
  { decodes }: Outcome,
  found: Found,
  decoder: 'chromium' | 'sharp',
): boolean {
  // Icons hold several pictures; none of our decoders takes them, and the message says what is taken.
  if (path.endsWith('.ico')) return found === 'refused';
  if (otherwise[decoder].some((pattern) => pattern.test(path))) return (found === 'decoded') !== decodes;
  return (found === 'decoded') === decodes;
}
