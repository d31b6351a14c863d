import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { toProblem } from '../lib/api/api-problem.ts';
import { CopyAction } from './copy-action.tsx';
import classes from './problem-panel.module.css';

interface ProblemPanelProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
  retrying?: boolean;
  children?: ReactNode;
}

/** What went wrong, what to do, a way to try again, and the request id for whoever reads the logs. */
export function ProblemPanel({
  title,
  error,
  onRetry,
  retrying = false,
  children,
}: ProblemPanelProps) {
  const problem = toProblem(error);
  return (
    <div className={classes.panel} role="alert">
      <IconAlertTriangle className={classes.icon} size={20} aria-hidden="true" />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        <p className={classes.detail}>{problem.message}</p>
        <div className={classes.actions}>
          {onRetry && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={14} />}
              loading={retrying}
              onClick={onRetry}
            >
              Try again
            </Button>
          )}
          {children}
          {problem.requestId && (
            <span className={classes.request}>
              Request <code>{problem.requestId}</code>
              <CopyAction value={problem.requestId} label="Copy the request id" />
            </span>
          )}
        </div>
      </div>
    </div>
  );
}
