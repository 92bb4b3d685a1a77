/** Every reader. A new layout is one file and one line here. */
import { classFolders } from './class.folders.ts';
import { cocoCaptions } from './coco.captions.ts';
import { easyVqa } from './easy.vqa.ts';
import { flickrCaptions } from './flickr.captions.ts';
import { flickrToken } from './flickr.token.ts';
import { imagefolderCsv } from './imagefolder.csv.ts';
import { imagefolderJsonl } from './imagefolder.jsonl.ts';
import { karpathyJson } from './karpathy.json.ts';
import { mixedTable } from './mixed.table.ts';
import { openclipCsv } from './openclip.csv.ts';
import type { Reader } from './reader.ts';
import { sidecarTxt } from './sidecar.txt.ts';

export const readers: readonly Reader[] = [
  cocoCaptions,
  karpathyJson,
  flickrCaptions,
  flickrToken,
  imagefolderCsv,
  imagefolderJsonl,
  sidecarTxt,
  openclipCsv,
  classFolders,
  mixedTable,
  easyVqa,
];

export const readerById = (id: string): Reader | undefined => readers.find((reader) => reader.id === id);
