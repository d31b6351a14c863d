import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconRefresh } from '@tabler/icons-react';
import type { Message } from '../../lib/api/types.ts';
import { CopyAction } from '../../ui/copy-action.tsx';
import classes from './answer.module.css';
import { citationLabel } from './citation-label.ts';

interface AnswerActionsProps {
  answer: Message;
  onRegenerate: (() => void) | null;
  variant: { index: number; count: number; show: (index: number) => void };
}

/** The answer with its sources below, for a mail or a report. */
function asText({ content, citations }: Message): string {
  const sources = citations.map((citation) => `[${citation.n}] ${citationLabel(citation)}`);
  return [content, ...(sources.length > 0 ? ['', ...sources] : [])].join('\n');
}

/** Copy, another answer, and the way back to earlier ones. */
export function AnswerActions({ answer, onRegenerate, variant }: AnswerActionsProps) {
  const { index, count, show } = variant;
  return (
    <div className={classes.actions}>
      {answer.content !== '' && (
        <CopyAction value={asText(answer)} label="Copy the answer with its sources" />
      )}
      {onRegenerate && (
        <Tooltip label="Answer again">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Answer again"
            onClick={onRegenerate}
          >
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      {count > 1 && (
        <>
          <ActionIcon
            variant="transparent"
            color="gray"
            aria-label="Earlier answer"
            disabled={index === 0}
            onClick={() => show(index - 1)}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <span>
            Answer {index + 1} of {count}
          </span>
          <ActionIcon
            variant="transparent"
            color="gray"
            aria-label="Later answer"
            disabled={index === count - 1}
            onClick={() => show(index + 1)}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </>
      )}
    </div>
  );
}
