import { stripMarkup } from '../prompt/strip-markup.ts';

const LONGEST = 60;

/** A conversation's title: the first words of its first question, on one line. */
export function makeTitle(question: string): string {
  let line = stripMarkup(question).replace(/\s+/g, ' ');
  while (/[\s?.!:;,]$/u.test(line)) line = line.slice(0, -1);
  const title = line.length <= LONGEST ? line : cutAtSpace(line);
  return title === '' ? question.trim().slice(0, LONGEST) : title;
}

function cutAtSpace(line: string): string {
  const cut = line.slice(0, LONGEST);
  const space = cut.lastIndexOf(' ');
  return `${(space > LONGEST / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
