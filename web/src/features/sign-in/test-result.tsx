import { Button, Code, Stack } from '@mantine/core';
import type { Tested } from '../../lib/api/types.ts';
import { DecisionView } from '../../ui/decision-view.tsx';
import { GatePage } from '../../ui/gate-page.tsx';

/** What a test of a connection gave. Nothing was changed by it. */
export function TestResult({ tested }: { tested: Tested }) {
  return (
    <GatePage
      title="The test went through"
      lead="This is what the directory says of you. Nothing was changed."
      wide
    >
      <Stack>
        <DecisionView decision={tested.decision} />
        <p>
          {tested.factor
            ? 'The directory’s second factor is trusted: ours is not asked.'
            : 'Our own second factor is asked where the role needs one.'}
        </p>
        <Code block aria-label="What the directory says">
          {JSON.stringify(tested.claims, null, 2)}
        </Code>
        <Button variant="default" onClick={() => window.history.back()}>
          Back
        </Button>
      </Stack>
    </GatePage>
  );
}
