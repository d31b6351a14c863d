import { Fragment, createElement } from 'react';
import type { ReactNode } from 'react';
import type { Nodes, Parents } from 'mdast';
import type { Sentence } from '../../lib/api/types.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { splitText } from './split-text.ts';

interface Context {
  source: string;
  sentences: readonly Sentence[];
  renderCitation: (n: number) => ReactNode;
}

function renderText(text: string, node: Nodes, context: Context): ReactNode {
  const start = node.position?.start.offset ?? 0;
  // Escapes and entities make the text shorter than its source: then the sentence marks can't be placed.
  const exact = (node.position?.end.offset ?? 0) - start === text.length;
  return splitText(text, start, exact ? context.sentences : []).map((piece, index) => {
    if (piece.kind === 'citation') {
      return <Fragment key={index}>{context.renderCitation(piece.n)}</Fragment>;
    }
    if (!piece.unsupported) return piece.text;
    return (
      <mark key={index} data-unsupported="">
        {piece.text}
        {piece.closes && <span data-for-screen-readers="">(not supported by the documents)</span>}
      </mark>
    );
  });
}

function renderTable(node: Nodes & { type: 'table' }, context: Context): ReactNode {
  const [head, ...rows] = node.children;
  const cells = (row: typeof head, tag: 'th' | 'td'): ReactNode =>
    row?.children.map((cell, index) =>
      createElement(tag, { key: index }, renderAll(cell, context)),
    );
  return (
    <div data-table="" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>{cells(head, 'th')}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Addresses are shown, never linked or loaded: an answer must not be able to send anything out. */
function renderLink(node: Nodes & { type: 'link' }, context: Context): ReactNode {
  const label = context.source.slice(node.position?.start.offset, node.position?.end.offset);
  const shown = label.startsWith('<') || label === node.url;
  return (
    <>
      {renderAll(node, context)}
      {!shown && <span data-address=""> ({node.url})</span>}
    </>
  );
}

function renderNode(node: Nodes, context: Context): ReactNode {
  switch (node.type) {
    case 'text':
      return renderText(node.value, node, context);
    case 'paragraph':
      return <p>{renderAll(node, context)}</p>;
    case 'heading':
      // The page has h1 and h2; an answer's own headings stand below them.
      return createElement(`h${Math.min(6, node.depth + 2)}`, null, renderAll(node, context));
    case 'strong':
      return <strong>{renderAll(node, context)}</strong>;
    case 'emphasis':
      return <em>{renderAll(node, context)}</em>;
    case 'list':
      return createElement(
        node.ordered ? 'ol' : 'ul',
        node.ordered ? { start: node.start ?? 1 } : null,
        renderAll(node, context),
      );
    case 'listItem':
      return <li>{renderAll(node, context)}</li>;
    case 'blockquote':
      return <blockquote>{renderAll(node, context)}</blockquote>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{node.value}</code>
        </pre>
      );
    case 'table':
      return renderTable(node, context);
    case 'link':
      return renderLink(node, context);
    case 'image':
      return node.alt;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'html':
      return node.value;
    case 'linkReference':
    case 'imageReference':
    case 'definition':
      return renderText(sourceOf(node, context), node, context);
    default:
      return 'children' in node ? renderAll(node, context) : null;
  }
}

function sourceOf(node: Nodes, context: Context): string {
  return context.source.slice(node.position?.start.offset, node.position?.end.offset);
}

function renderAll(parent: Parents, context: Context): ReactNode {
  return parent.children.map((child, index) => (
    <Fragment key={index}>{renderNode(child, context)}</Fragment>
  ));
}

/** An answer's markdown as React elements; raw HTML, links and images of the model stay text. */
export function renderAnswer(context: Context): ReactNode {
  return renderAll(parseMarkdown(context.source), context);
}
