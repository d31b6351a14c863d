import type { Letter } from '../../platform/index.ts';
import type { Template } from './repo.ts';
import { WORDS, type Facts } from './templates.ts';

/** A mail as text and as HTML. Names that people chose are shown as they are, and are never markup. */
export function writeLetter(template: Template, facts: Facts): Omit<Letter, 'to'> {
  const { subject, lines, action } = WORDS[template];
  const paragraphs = [`Hello ${facts.name},`, ...lines(facts)];
  const link = facts.link && action ? { url: facts.link.url, action } : null;
  const text = [
    ...paragraphs,
    ...(link ? [`${link.action}:\n${link.url}`] : []),
    `Casemate, ${facts.origin}`,
  ].join('\n\n');
  return {
    subject: oneLine(`[Casemate] ${subject(facts)}`),
    text,
    html: page(paragraphs, link, facts),
  };
}

type Link = { url: string; action: string } | null;

function page(paragraphs: readonly string[], link: Link, { origin }: Facts): string {
  const body = paragraphs.map((paragraph) => `<p>${escape(paragraph)}</p>`).join('');
  const button = link
    ? `<p><a href="${escape(link.url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#0b5563;color:#ffffff;text-decoration:none">${escape(link.action)}</a></p><p style="font-size:13px;color:#555555;overflow-wrap:anywhere;word-break:break-all">${escape(link.url)}</p>`
    : '';
  return `<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5;color:#1b1b1b;max-width:36em">${body}${button}<p style="font-size:13px;color:#555555">Casemate, ${escape(origin)}</p></body></html>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

/** One line: a header must not be continued by what a name says. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200);
}
