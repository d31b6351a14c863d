import { Skeleton, Stack } from '@mantine/core';

export function PassageSkeleton() {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="The passage is loading">
      <Skeleton height={14} width="55%" />
      {['100%', '96%', '98%', '92%', '60%'].map((width, index) => (
        <Skeleton key={index} height={16} width={width} />
      ))}
    </Stack>
  );
}
