/** SHA-256, hex, over a parsed `tokenizer.json` without white space: what a recipe knows it by. */
import { sha256 } from '../../core/sha256.ts';

export const tokenizerFingerprint = (json: unknown): string => sha256().update(JSON.stringify(json)).hex();
