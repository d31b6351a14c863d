import { ActionIcon, Textarea } from '@mantine/core';
import { IconArrowUp, IconPlayerStopFilled } from '@tabler/icons-react';
import type { KeyboardEvent, RefObject } from 'react';
import classes from './thread.module.css';

interface ComposerProps {
  value: string;
  onChange: (value: string) => void;
  onSend: () => void;
  /** Present while an answer is being written. */
  onStop: (() => void) | null;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Where a question is written. Enter sends it, Shift and Enter begin a line. */
export function Composer({ value, onChange, onSend, onStop, field }: ComposerProps) {
  const ready = value.trim() !== '' && onStop === null;
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (ready) onSend();
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend();
      }}
    >
      <Textarea
        ref={field}
        className={classes.field ?? ''}
        aria-label="Your question"
        placeholder="Ask about your documents"
        autosize
        minRows={1}
        maxRows={8}
        maxLength={4000}
        size="md"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {onStop ? (
        <ActionIcon size={40} radius="xl" aria-label="Stop the answer" onClick={onStop}>
          <IconPlayerStopFilled size={18} />
        </ActionIcon>
      ) : (
        <ActionIcon
          size={40}
          radius="xl"
          type="submit"
          aria-label="Send the question"
          disabled={!ready}
        >
          <IconArrowUp size={20} />
        </ActionIcon>
      )}
    </form>
  );
}
