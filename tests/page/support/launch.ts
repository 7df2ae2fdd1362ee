import type { LaunchOptions } from 'playwright-core';
import { findChromium } from '../../../web/build/system.mjs';

/** What Chromium need not do here. The list takes the place of Playwright's own, which it contains where that matters. */
const WITHOUT = [
  // Calls home, and connections that a reader might want next.
  'AimEnabled',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PreconnectToSearch',
  // Every window of the browser has two pages of its own behind the address bar, and a process in reserve: more work
  // than the page that is tested.
  'SpareRendererForSitePerProcess',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
  // What is on the screen is that of the page that is there, and http stays http.
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'PaintHolding',
];

/** The system's Chromium, as all tests of the page start it. */
export const launchOptions = (flags: readonly string[] = []): LaunchOptions => ({
  executablePath: findChromium()!,
  // As root there is no sandbox; the rest keeps the browser from calling home.
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    `--disable-features=${WITHOUT.join(',')}`,
    ...flags,
  ],
});
