import type { Person } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useChangePeople, type AccountVerb } from './use-change-people.ts';

const WORDS: Readonly<
  Record<
    AccountVerb,
    { title: string; action: string; text: string; done: string; harmless?: boolean }
  >
> = {
  deactivate: {
    title: 'Deactivate this account?',
    action: 'Deactivate it',
    text: 'Its sessions and streams end within two seconds in every process, and work that it asked for is cancelled. It can be let in again.',
    done: 'is deactivated',
  },
  reactivate: {
    title: 'Let this account in again?',
    action: 'Reactivate it',
    text: 'Its password and its tenants are as before. It signs in anew.',
    done: 'can sign in again',
    harmless: true,
  },
  'sign-out': {
    title: 'Sign this account out everywhere?',
    action: 'Sign it out',
    text: 'It can sign in again at once.',
    done: 'is signed out',
  },
  reset: {
    title: 'Start a new password?',
    action: 'Send a link',
    text: 'The link goes to the address of the account; where there is no mail, you get it to hand over. Nobody but whoever opens it knows the password.',
    done: 'gets a link',
    harmless: true,
  },
  factors: {
    title: 'Has this person lost every second factor?',
    action: 'Make a link',
    text: 'Make sure that it is them who ask. The link works once, for 24 hours, after the right password: it takes all their factors away, ends their sessions, and pauses their API keys until they have set up a new one.',
    done: 'gets a link',
  },
  email: {
    title: 'Confirm the new address of this account?',
    action: 'Make a link',
    text: 'For a site without mail, once the person has asked for another address and has shown you that it is theirs. The link works once, in their own session.',
    done: 'gets a link',
    harmless: true,
  },
  erase: {
    title: 'Erase this account?',
    action: 'Erase it for good',
    text: 'Name and address are removed, and nobody can say any more whom the pseudonym of the audit log means. This cannot be undone.',
    done: 'is erased',
  },
};

interface ConfirmAccountChangeProps {
  person: Person;
  verb: AccountVerb;
  onClose: () => void;
  /** A link to hand over. */
  onLink: (link: string) => void;
}

/** Asks before something happens to an account. */
export function ConfirmAccountChange({ person, verb, onClose, onLink }: ConfirmAccountChangeProps) {
  const change = useChangePeople();
  const { title, action, text, done, harmless = false } = WORDS[verb];
  const onSuccess = (link: string | null): void => {
    announce(`${person.name} ${done}`);
    onClose();
    if (link !== null) onLink(link);
  };
  return (
    <ConfirmDialog
      opened
      title={title}
      action={action}
      busy={change.isPending}
      error={change.error}
      harmless={harmless}
      onClose={onClose}
      onConfirm={() =>
        change.mutate({ verb, accountId: person.id, email: person.email }, { onSuccess })
      }
    >
      <p>
        <strong>{person.email}</strong>: {text}
      </p>
    </ConfirmDialog>
  );
}
