import { Alert } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { formatTime } from '../../lib/format.ts';

/** Said while the model server may hold prompts of a sealed tenant; nothing once it has forgotten them. */
export function PromptsLine({ since }: { since: string | null }) {
  if (since === null) return null;
  return (
    <Alert
      mt="md"
      variant="default"
      icon={<IconHourglass />}
      title="The model server has not forgotten its last questions yet"
    >
      Since {formatTime(since)} it is asked to. Answers of other tenants end first; this takes
      seconds to a few minutes, and longer only while the model server is away.
    </Alert>
  );
}
