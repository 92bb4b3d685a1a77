/** Every reader. A new layout is one file and one line here. */
import { card } from './card.ts';
import { classFolders } from './class.folders.ts';
import { cocoCaptions } from './coco.captions.ts';
import { easyVqa } from './easy.vqa.ts';
import { filmCaptions } from './film.captions.ts';
import { flickrCaptions } from './flickr.captions.ts';
import { flickrToken } from './flickr.token.ts';
import { imagefolderCsv } from './imagefolder.csv.ts';
import { imagefolderJsonl } from './imagefolder.jsonl.ts';
import { karpathyJson } from './karpathy.json.ts';
import { ljspeech } from './ljspeech.ts';
import { llavaJson } from './llava.json.ts';
import { mixedTable } from './mixed.table.ts';
import { openclipCsv } from './openclip.csv.ts';
import { parallelText } from './parallel.text.ts';
import { parquet } from './parquet.ts';
import type { Reader } from './reader.ts';
import { regionsJson } from './regions.json.ts';
import { sidecarTxt } from './sidecar.txt.ts';
import { tableJson } from './table.json.ts';
import { vqaJson } from './vqa.json.ts';
import { webdatasetCls } from './webdataset.cls.ts';

export const readers: readonly Reader[] = [
  card,
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
  vqaJson,
  llavaJson,
  parallelText,
  parquet,
  tableJson,
  ljspeech,
  regionsJson,
  webdatasetCls,
  filmCaptions,
];

export const readerById = (id: string): Reader | undefined => readers.find((reader) => reader.id === id);
