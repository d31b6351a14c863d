import { Button, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { Connection, Examined } from '../../lib/api/types.ts';
import { DecisionView } from '../../ui/decision-view.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { examine, type Owner } from './sso-api.ts';
import classes from './sso.module.css';

interface ExamineDialogProps {
  owner: Owner;
  connection: Connection;
  onClose: () => void;
}

/** Asks an LDAP directory for somebody, step by step. Changes nothing. */
export function ExamineDialog({ owner, connection, onClose }: ExamineDialogProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const ask = useMutation({
    mutationFn: (body: { email: string; password: string | null }) =>
      examine(owner, { id: connection.id, body }),
    onSettled: () => setPassword(''),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    ask.mutate({ email: email.trim(), password: password === '' ? null : password });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Test ${connection.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail address of somebody"
            type="email"
            required
            data-autofocus
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Their password"
            description="Only your own. Left empty, they are looked up and no password is tried."
            autoComplete="off"
            maxLength={256}
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {ask.error && <ProblemPanel title="The directory was not asked" error={ask.error} />}
          {ask.data && <Steps examined={ask.data} />}
          <Button type="submit" loading={ask.isPending}>
            Ask the directory
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function Steps({ examined: { steps, found, decision } }: { examined: Examined }) {
  return (
    <div role="status">
      <ol className={classes.steps} aria-label="Steps">
        {steps.map(({ step, fault }) => (
          <li key={step} className={classes.step}>
            {fault === null ? (
              <IconCircleCheck size={18} aria-label="Went well" className={classes.good ?? ''} />
            ) : (
              <IconCircleX size={18} aria-label="Went wrong" className={classes.bad ?? ''} />
            )}
            <span>
              {step}
              {fault !== null && <span className={classes.fault}>{fault}</span>}
            </span>
          </li>
        ))}
      </ol>
      {found && (
        <dl className={classes.facts}>
          <dt>Entry</dt>
          <dd>{found.dn}</dd>
          <dt>Name</dt>
          <dd>{found.name ?? 'none'}</dd>
          <dt>E-mail</dt>
          <dd>{found.email ?? 'none'}</dd>
          <dt>Groups</dt>
          <dd>{found.groups.length === 0 ? 'none' : found.groups.join(' · ')}</dd>
        </dl>
      )}
      {decision && <DecisionView decision={decision} />}
    </div>
  );
}
