import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { createQueryClient } from '../lib/create-query-client.ts';
import { followOtherTabs, keeper } from '../lib/session/session.ts';
import { Announcer } from '../ui/announcer.tsx';
import { UiRoot } from '../ui/ui-root.tsx';
import { FaultBoundary } from './fault-boundary.tsx';
import { Router } from './router.tsx';

void keeper.start();
followOtherTabs();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has lost its root element.');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <UiRoot>
        <BrowserRouter>
          <FaultBoundary>
            <Router />
          </FaultBoundary>
        </BrowserRouter>
        <Announcer />
      </UiRoot>
    </QueryClientProvider>
  </StrictMode>,
);
