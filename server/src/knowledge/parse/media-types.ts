const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** The types that can be uploaded, by the ending of the file name. */
export const MEDIA_TYPES = {
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  csv: 'text/csv',
  pdf: 'application/pdf',
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  pptx: `${OFFICE}.presentationml.presentation`,
} as const;

export type FileFormat = keyof typeof MEDIA_TYPES;
export type MediaType = (typeof MEDIA_TYPES)[FileFormat];

const ALIASES: ReadonlyMap<string, FileFormat> = new Map([
  ['text', 'txt'],
  ['markdown', 'md'],
  ['htm', 'html'],
]);

/** The format that a file name claims by its ending; undefined when it is none of ours. */
export function findClaimedFormat(name: string): FileFormat | undefined {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(MEDIA_TYPES, ending) ? (ending as FileFormat) : ALIASES.get(ending);
}

/** The format behind a media type; undefined when it is none of ours. */
export function findFormat(mediaType: string): FileFormat | undefined {
  return (Object.keys(MEDIA_TYPES) as FileFormat[]).find((it) => MEDIA_TYPES[it] === mediaType);
}
