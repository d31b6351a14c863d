import type { FormatReader } from './formats/format-reader.ts';
import type { FileFormat } from './media-types.ts';

/** Loads the code of one format only: pdf.js alone takes longer to load than most documents to read. */
export async function loadReader(format: FileFormat): Promise<FormatReader> {
  switch (format) {
    case 'txt':
      return (await import('./formats/text.ts')).readText;
    case 'md':
      return (await import('./formats/markdown.ts')).readMarkdown;
    case 'html':
      return (await import('./formats/html.ts')).readHtml;
    case 'csv':
      return (await import('./formats/csv.ts')).readCsv;
    case 'docx':
      return (await import('./formats/docx.ts')).readDocx;
    case 'xlsx':
      return (await import('./formats/xlsx.ts')).readXlsx;
    case 'pptx':
      return (await import('./formats/pptx.ts')).readPptx;
    case 'pdf':
      return (await import('./formats/pdf.ts')).readPdf;
  }
}
