import { Accordion, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

/** Settings of a directory that most leave as they are. */
export function MoreSettings({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Accordion variant="contained">
      <Accordion.Item value="more">
        <Accordion.Control>{title}</Accordion.Control>
        <Accordion.Panel>
          <Stack>{children}</Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
