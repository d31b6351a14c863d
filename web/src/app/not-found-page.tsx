import { Button } from '@mantine/core';
import { IconMapPinOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { usePageTitle } from '../lib/use-page-title.ts';
import { EmptyState } from '../ui/empty-state.tsx';

export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <EmptyState
      level={1}
      icon={<IconMapPinOff size={26} />}
      title="There is no such page"
      text="The address may be mistyped, or the page was moved."
    >
      <Button component={Link} to="/" variant="default">
        To the start
      </Button>
    </EmptyState>
  );
}
