import { Alert, Button, Checkbox, Code, Group, NumberInput, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyAction } from '../../ui/copy-action.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { drawShares, type Split } from './draw-shares.ts';
import { OpenForm } from './open-form.tsx';
import classes from './seal.module.css';

interface FirstOpeningProps {
  tenantId: string;
  name: string;
  /** The shares are asked for: from here on the page must stay. */
  onDraw: () => void;
  onOpened: () => void;
}

/** The making of a tenant's key shares: choose, see them this once, and open with what was kept. */
export function FirstOpening({ tenantId, name, onDraw, onOpened }: FirstOpeningProps) {
  const [split, setSplit] = useState<Split>({ shares: 5, threshold: 3 });
  const [shown, setShown] = useState<string[] | null>(null);
  const [kept, setKept] = useState(false);
  const [step, setStep] = useState<'choose' | 'drawing' | 'show' | 'open'>('choose');
  const [fault, setFault] = useState<unknown>(null);

  const draw = async (): Promise<void> => {
    setStep('drawing');
    onDraw();
    setFault(null);
    try {
      setShown(await drawShares(tenantId, split));
      setStep('show');
    } catch (error) {
      setFault(error);
      setStep('choose');
    }
  };
  if (step === 'open') {
    const all = { all: split.shares, needed: split.threshold, given: 0 };
    return (
      <Stack>
        <Text>Open it now with what you kept: it proves that the shares are right.</Text>
        <OpenForm tenantId={tenantId} shares={all} onOpened={onOpened} />
        <Text size="sm" c="dimmed">
          They are made once. If too many are lost already, have this tenant deleted while it is
          empty, and made anew.
        </Text>
      </Stack>
    );
  }
  if (step === 'show' && shown)
    return (
      <Stack>
        <Alert
          variant="default"
          icon={<IconAlertTriangle />}
          title="You see these shares this once"
        >
          Nobody else has them: not the administrator of the platform, not the makers of Casemate,
          and no backup. If fewer than {split.threshold} are left, everything in this tenant is lost
          for good.
        </Alert>
        <ol>
          {shown.map((share, at) => (
            <li key={share}>
              <Code className={classes.share ?? ''}>{share}</Code>{' '}
              <CopyAction value={share} label={`Copy share ${at + 1}`} />
            </li>
          ))}
        </ol>
        <Group>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            onClick={() => save(name, shown)}
          >
            Save as a file
          </Button>
        </Group>
        <Checkbox
          label="I have kept the shares where only their holders reach them"
          checked={kept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Button
          disabled={!kept}
          onClick={() => {
            setShown(null);
            setStep('open');
          }}
        >
          Go on
        </Button>
      </Stack>
    );
  return (
    <Stack>
      <Text>
        The key of this tenant is split into shares. Some of them together open it; fewer tell
        nothing. Give them to different people, so that no one opens it alone and the loss of one is
        no harm.
      </Text>
      <Group grow>
        <NumberInput
          label="Shares"
          min={1}
          max={10}
          value={split.shares}
          onChange={(value) =>
            setSplit(({ threshold }) => ({
              shares: Number(value),
              threshold: Math.min(threshold, Number(value)),
            }))
          }
        />
        <NumberInput
          label="Needed to open it"
          min={split.shares > 1 ? 2 : 1}
          max={split.shares}
          value={split.threshold}
          onChange={(value) => setSplit(({ shares }) => ({ shares, threshold: Number(value) }))}
        />
      </Group>
      {fault !== null && <ProblemPanel title="The shares were not made" error={fault} />}
      <Button
        leftSection={<IconKey size={16} />}
        loading={step === 'drawing'}
        onClick={() => void draw()}
      >
        Make the key shares
      </Button>
    </Stack>
  );
}

function save(name: string, shares: readonly string[]): void {
  const text = shares
    .map((share, at) => `${name}: key share ${at + 1} of ${shares.length}\n${share}\n`)
    .join('\n');
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'key-shares.txt';
  link.click();
  URL.revokeObjectURL(url);
}
