const IMAGE = /!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)/g;
const LINK = /\[([^[\]\n]{0,300})\]\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)/g;
const TAG = /<\/?[a-z!][^<>]{0,500}>/gi;
// Zero-width, bidirectional controls, tag characters, and controls other than tab and newline.
const INVISIBLE =
  /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\u{E0000}-\u{E007F}]/gu;
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
const CHAT_MARK = /\[\/?(?:INST|SYS|AVAILABLE_TOOLS|TOOL_CALLS)\]/gi;
const CITATION_MARK = /\[(\d{1,3})\]/g;

/**
 * Text as data for a prompt (AIG-04): without markup, links, hidden characters and the marks of chat
 * templates. Angle brackets become ‹ ›, so nothing in it can open or close a tag of the frame, and
 * numbers in brackets become (1), so it can't pass for a citation.
 */
export function stripMarkup(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL, ' ')
    .replace(IMAGE, '$1')
    .replace(LINK, '$1')
    .replace(TAG, ' ')
    .replace(CHAT_MARK, ' ')
    .replace(CITATION_MARK, '($1)')
    .replace(/</g, '‹')
    .replace(/>/g, '›')
    .replace(/```+/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
