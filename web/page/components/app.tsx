import type { ComponentChildren } from 'preact';
import { LensBar } from '../lenses/lens-bar.js';
import { messages } from '../messages.js';
import { useApp } from './context.js';
import { DropTarget } from './drop-target.js';
import { Header } from './header.js';
import { KeepPanel } from './keep-panel.js';
import { LinkNote } from './link-note.js';
import { LinkQuestion } from './link-question.js';
import { LossChart } from './loss-chart.js';
import { NetworkPanel } from './network-panel.js';
import { PendingChange } from './pending-change.js';
import { SampleHistory } from './sample-history.js';
import { SamplePanel } from './sample-panel.js';
import { TextPanel } from './text-panel.js';
import { TrainingSettings } from './training-settings.js';
import { Transport } from './transport.js';
import { WritingPanel } from './writing-panel.js';

/** The page, read from top to bottom: the idea, the experiment, the instrument, and what came of it. */
export function App() {
  return (
    <>
      <Header />
      <main>
        <LinkNote />
        <div class="opening">
          <h1>{messages.title}</h1>
          <p class="lede">{messages.lede}</p>
        </div>
        <div class="experiment">
          <TextPanel />
          <NetworkPanel />
          <SamplePanel />
        </div>
        <section class="instrument" aria-label={messages.transport.label}>
          <Transport />
          <PendingChange />
          <div class="instrument-body">
            <LossChart />
            <TrainingSettings />
          </div>
        </section>
        <Later>
          <LensBar />
          <SampleHistory />
          <WritingPanel />
          <KeepPanel />
        </Later>
      </main>
      <Later>
        <footer class="footer">
          <p>{messages.privacy}</p>
          <p>
            <a href="api/index.html">{messages.apiPages}</a>
          </p>
        </footer>
      </Later>
      <Announcement />
      <LinkQuestion />
      <DropTarget />
    </>
  );
}

/** What is below the window's edge: drawn when the first network has been made. */
function Later({ children }: { children: ComponentChildren }) {
  const { store } = useApp();
  return store.settled.value ? <>{children}</> : null;
}

/** Milestones for those who listen; the streaming numbers and samples stay silent. */
function Announcement() {
  const { store } = useApp();
  return (
    <p role="status" class="visually-hidden">
      {store.announcement.value}
    </p>
  );
}
