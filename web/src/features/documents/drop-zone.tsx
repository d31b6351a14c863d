import { Button } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { DragEvent } from 'react';
import classes from './drop-zone.module.css';

const accepted = '.txt,.md,.html,.htm,.pdf,.docx,.csv,.xlsx,.pptx';

/** Takes files by drag and drop or from the file dialog, many at a time. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null): void => {
    if (files && files.length > 0) onFiles([...files]);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div
      className={over ? `${classes.zone} ${classes.over}` : classes.zone}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className={classes.words}>
        <p className={classes.title}>Drop documents here, or choose them</p>
        <p className={classes.note}>
          Text, Markdown, HTML, PDF, Word, Excel, PowerPoint or CSV. Originals are deleted once they
          are read; only their text is kept.
        </p>
      </div>
      <Button leftSection={<IconUpload size={16} />} onClick={() => input.current?.click()}>
        Upload documents
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accepted}
        aria-label="Documents to upload"
        onChange={(event) => {
          take(event.currentTarget.files);
          // So that choosing the same file again is a change again.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
