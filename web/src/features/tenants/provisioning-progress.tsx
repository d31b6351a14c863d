import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ApiProblem } from '../../lib/api/api-problem.ts';
import type { Tenant } from '../../lib/api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { tenantQuery } from './tenant-query.ts';

interface ProvisioningProgressProps {
  tenantId: string;
  onReady: (tenant: Tenant) => void;
}

/** Watches a tenant being built, and says when it failed. */
export function ProvisioningProgress({ tenantId, onReady }: ProvisioningProgressProps) {
  const { data: tenant, error, refetch } = useQuery(tenantQuery(tenantId));
  const told = useRef(false);
  useEffect(() => {
    // Once: later renders bring other callbacks for the same deed.
    if (tenant?.state !== 'active' || told.current) return;
    told.current = true;
    onReady(tenant);
  }, [tenant, onReady]);

  if (error) {
    return (
      <ProblemPanel
        title="The state of the tenant is unknown"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (tenant?.state === 'failed') {
    const detail = tenant.error ?? 'Look at the platform status, then make the tenant again.';
    return (
      <ProblemPanel
        title="The tenant could not be built"
        error={new ApiProblem({ code: 'provisioning_failed', detail }, 500)}
        onRetry={() => void refetch()}
      />
    );
  }
  return (
    <EmptyState
      icon={<Loader size="sm" />}
      title="The chamber is being built"
      text="A schema, a role and a key of its own. This takes a moment."
    />
  );
}
