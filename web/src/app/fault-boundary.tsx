import { Component } from 'react';
import type { ReactNode } from 'react';
import { GatePage } from '../ui/gate-page.tsx';
import { ProblemPanel } from '../ui/problem-panel.tsx';

interface FaultBoundaryState {
  fault: unknown;
}

/**
 * Draws a page instead of nothing when drawing failed. After an upgrade an open tab may ask for a
 * part of the old version that is gone: reloading mends that, and most other faults too.
 */
export class FaultBoundary extends Component<{ children: ReactNode }, FaultBoundaryState> {
  override state: FaultBoundaryState = { fault: null };

  static getDerivedStateFromError(fault: unknown): FaultBoundaryState {
    return { fault };
  }

  override render(): ReactNode {
    if (this.state.fault === null) return this.props.children;
    return (
      <GatePage
        title="This page broke"
        lead="Nothing is lost on the server. Casemate may have been upgraded while this page was open."
        bare
      >
        <ProblemPanel
          title="The page could not be drawn"
          error={this.state.fault}
          onRetry={() => window.location.reload()}
        />
      </GatePage>
    );
  }
}
