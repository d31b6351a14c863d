import { Button, Switch } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { Visit } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { useChangeVisits, type VisitChange } from './use-change-visits.ts';
import { ViewsDialog } from './views-dialog.tsx';
import { VisitsFrame } from './visits-frame.tsx';
import { tenantVisitsQuery } from './visits-queries.ts';

/** Who of the platform asked to look at this tenant, who let them, and what they saw. */
export function TenantVisitsPage() {
  const { tenantId = '' } = useParams();
  const visits = useQuery(tenantVisitsQuery(tenantId));
  const change = useChangeVisits(tenantId);
  const [shown, setShown] = useState<Visit | null>(null);
  const send = (wish: VisitChange, words: string): void =>
    change.mutate(wish, { onSuccess: () => announce(words) });
  return (
    <VisitsFrame
      lead="Whoever runs the platform sees what is in this tenant only by a visit: with a reason, for some hours, approved here, and everything that they look at is listed."
      visits={visits}
      error={change.error}
      rule={
        <Switch
          mb="md"
          label="A second person of the platform may approve too"
          description="For a tenant whose administrators can't be reached. Never whoever asked."
          checked={visits.data?.byPlatform === true}
          disabled={change.isPending}
          onChange={(event) =>
            send({ verb: 'rule', byPlatform: event.currentTarget.checked }, 'The rule is set')
          }
        />
      }
      empty={{
        icon: <IconEyeOff size={26} />,
        title: 'Nobody asked to look',
        text: 'A request stands here for a day. Until you approve it, nothing is shown to anybody.',
      }}
      titleOf={({ visitor }) => visitor}
      actionsOf={(visit) => (
        <TenantActions
          visit={visit}
          busy={change.isPending}
          onSend={send}
          onShow={() => setShown(visit)}
        />
      )}
    >
      {shown && <ViewsDialog visit={shown} onClose={() => setShown(null)} />}
    </VisitsFrame>
  );
}

interface TenantActionsProps {
  visit: Visit;
  busy: boolean;
  onSend: (change: VisitChange, words: string) => void;
  onShow: () => void;
}

function TenantActions({ visit, busy, onSend, onShow }: TenantActionsProps) {
  const { id: visitId, phase, visitor, own } = visit;
  const decide = (approve: boolean): void =>
    onSend(
      { verb: 'decide', visitId, approve },
      approve ? `${visitor} may look now` : 'The visit is refused',
    );
  return (
    <>
      {phase === 'asked' && !own && (
        <>
          <Button size="compact-sm" disabled={busy} onClick={() => decide(true)}>
            Let them look
          </Button>
          <Button size="compact-sm" variant="default" disabled={busy} onClick={() => decide(false)}>
            Refuse
          </Button>
        </>
      )}
      {phase === 'open' && (
        <Button
          size="compact-sm"
          color="red.8"
          disabled={busy}
          onClick={() => onSend({ verb: 'end', visitId }, 'The visit is over')}
        >
          End it now
        </Button>
      )}
      {(phase === 'open' || phase === 'over') && (
        <Button size="compact-sm" variant="default" onClick={onShow}>
          What was looked at
        </Button>
      )}
    </>
  );
}
