import { Button, Modal } from '@mantine/core';
import { IconEye, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Visit } from '../../lib/api/types.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { announce } from '../../ui/announce.ts';
import { AskForm } from './ask-form.tsx';
import { useChangeVisits, type VisitChange } from './use-change-visits.ts';
import { VisitsFrame } from './visits-frame.tsx';
import { platformVisitsQuery } from './visits-queries.ts';

/** Break-glass: asks to look at the content of a tenant, for a reason and for some time. */
export function PlatformVisitsPage() {
  const visits = useQuery(platformVisitsQuery());
  const change = useChangeVisits(null);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const send = (wish: VisitChange, words: string): void =>
    change.mutate(wish, { onSuccess: () => announce(words) });
  const enter = async (tenantId: string): Promise<void> => {
    await reloadMemberships();
    await navigate(`/t/${tenantId}/documents`);
  };
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAsking(true)}>
      Ask for a visit
    </Button>
  );
  return (
    <VisitsFrame
      lead="The content of a tenant is not yours to see. Where it must be, ask: the tenant approves, watches, and can end it at any time."
      actions={button}
      visits={visits}
      error={change.error}
      empty={{
        icon: <IconEye size={26} />,
        title: 'No visit yet',
        text: 'Say which tenant, why, and for how long. It opens once somebody else approved it.',
      }}
      titleOf={({ tenant, visitor, own }) => `${tenant}, by ${own ? 'you' : visitor}`}
      actionsOf={(visit) => (
        <PlatformActions
          visit={visit}
          busy={change.isPending}
          onSend={send}
          onEnter={() => void enter(visit.tenantId)}
        />
      )}
    >
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title="Ask for a visit"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <AskForm onDone={() => setAsking(false)} />
      </Modal>
    </VisitsFrame>
  );
}

interface PlatformActionsProps {
  visit: Visit;
  busy: boolean;
  onSend: (change: VisitChange, words: string) => void;
  onEnter: () => void;
}

function PlatformActions({ visit, busy, onSend, onEnter }: PlatformActionsProps) {
  const { id: visitId, phase, own } = visit;
  const decide = (approve: boolean): void =>
    onSend({ verb: 'decide', visitId, approve }, approve ? 'The visit is open' : 'It is refused');
  return (
    <>
      {phase === 'open' && own && (
        <Button size="compact-sm" onClick={onEnter}>
          Look at the tenant
        </Button>
      )}
      {phase === 'asked' && !own && (
        <>
          <Button size="compact-sm" disabled={busy} onClick={() => decide(true)}>
            Approve, where the tenant lets you
          </Button>
          <Button size="compact-sm" variant="default" disabled={busy} onClick={() => decide(false)}>
            Refuse
          </Button>
        </>
      )}
      {(phase === 'open' || (phase === 'asked' && own)) && (
        <Button
          size="compact-sm"
          variant="default"
          disabled={busy}
          onClick={() => onSend({ verb: 'end', visitId }, 'The visit is over')}
        >
          {phase === 'open' ? 'End it' : 'Take it back'}
        </Button>
      )}
    </>
  );
}
