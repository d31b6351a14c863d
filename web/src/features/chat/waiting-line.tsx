import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './verdict-banner.module.css';

/** After this long without a word the person should know that nothing is broken. */
const slowAfter = 8000;

interface WaitingLineProps {
  begun: boolean;
  connection: 'connected' | 'lost';
}

/** What an answer that is not complete yet is doing. */
export function WaitingLine({ begun, connection }: WaitingLineProps) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowAfter);
    return () => clearTimeout(timer);
  }, [begun]);
  let words = begun ? 'Writing, then checking against the documents' : 'Reading your documents';
  if (slow && !begun) {
    words =
      'Still reading. The model may be waking up or busy with other questions; you can stay or come back';
  }
  if (connection === 'lost') words = 'The connection was lost. Picking the answer up where it was';
  return (
    <div className={`${classes.banner} ${classes.busy}`}>
      <Loader size={14} type="dots" color="currentColor" mt={4} aria-hidden="true" />
      <span>{words}</span>
    </div>
  );
}
