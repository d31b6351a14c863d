import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Seal } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';

/** Who took the key shares, for every member to see; plainly so when it is who runs the platform. */
export function CustodianLine({ custodian }: Pick<Seal, 'custodian'>) {
  if (!custodian) return <Text mt="md">Who took its key shares was not recorded.</Text>;
  const { name, email, operator, takenAt } = custodian;
  const who = name === null ? 'Somebody who has left' : `${name} (${email ?? ''})`;
  const when =
    takenAt === null
      ? 'has not taken its key shares yet'
      : `took its key shares on ${formatTime(takenAt)}`;
  if (!operator)
    return (
      <Text mt="md">
        {who} is its custodian and {when}.
      </Text>
    );
  return (
    <Alert
      mt="md"
      variant="default"
      icon={<IconAlertTriangle />}
      title="Its custodian runs the platform"
    >
      {who} {when}. Who runs the platform can therefore open this tenant, unless the shares were
      handed on to others and not kept.
    </Alert>
  );
}
