import { Alert, List, Radio, Stack } from '@mantine/core';
import type { Tenant } from '../../lib/api/types.ts';

interface TierChoiceProps {
  tier: Tenant['tier'];
  onChange: (tier: Tenant['tier']) => void;
}

/** Who holds the tenant's key. Says what the choice means before it is made: it is for good. */
export function TierChoice({ tier, onChange }: TierChoiceProps) {
  return (
    <>
      <Radio.Group
        label="Who holds its key"
        description="Chosen now, for good."
        value={tier}
        onChange={(value) => onChange(value === 'sealed' ? 'sealed' : 'standard')}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="standard"
            label="The platform"
            description="It works after every restart."
          />
          <Radio
            value="sealed"
            label="The tenant itself, split into key shares"
            description="Its administrators can seal it; then nobody reads it."
          />
        </Stack>
      </Radio.Group>
      {tier === 'sealed' && (
        <Alert variant="default" title="What it means that the tenant holds its own seal">
          <List size="sm" spacing={4}>
            <List.Item>
              It is sealed again after every restart of the key service, also after an update of
              Casemate. It stays closed to everybody until enough holders have given their shares.
            </List.Item>
            <List.Item>
              So its holders must be reachable whenever that may happen. Who loses the shares loses
              everything in it, for good: nobody can restore it.
            </List.Item>
            <List.Item>
              After opening, the search is rebuilt first; opening long documents and uploading take
              a little longer, because everything is encrypted.
            </List.Item>
            <List.Item>
              Names, passages and messages are ciphertext on the disk. Sizes, dates, page numbers
              and who uploaded what are not.
            </List.Item>
          </List>
        </Alert>
      )}
    </>
  );
}
