import { html } from 'hono/html';
import type { Html } from '#doors/common/layout.ts';
import { connectGuide } from './connect-guide.ts';

/** What somebody sees who is not signed in: what this is, and how to connect. */
export const welcome = (publicUrl: string): Html =>
  html`<div class="stack-l airy">
    <div class="columns hero">
      <div class="stack">
        <h1>Your hours, kept by you and your AI agents</h1>
        <p class="lead">
          Stint tracks time for clients, projects and tasks. Work in the AI tool you already use: it starts
          the timer, logs the time and reads it back, and may do exactly what you allowed.
        </p>
        <p class="row">
          <a class="button" href="/signup">Create an account</a
          ><a class="button quiet" href="/login">Sign in</a>
        </p>
      </div>
      <figure class="card talk" aria-label="A conversation with an AI tool that is connected to Stint">
        <p class="you">Start a timer on the Acme redesign.</p>
        <p>Started at 13:30: <b>Homepage redesign</b>, Acme.</p>
        <p class="you">And yesterday I had two hours of calls with them, from ten.</p>
        <p>Logged 2:00 on Monday, 10:00 to 12:00. That makes <b>9:45</b> for Acme this week.</p>
      </figure>
    </div>
    <div class="columns three">
      <section class="stack-s">
        <h2>You choose what it may do</h2>
        <p>
          Every app asks first. You pick one workspace, untick what it does not need, and can change your mind
          later.
        </p>
      </section>
      <section class="stack-s">
        <h2>You see what it did</h2>
        <p>
          Each change carries the name of the app that made it, in a log that cannot be rewritten unnoticed.
        </p>
      </section>
      <section class="stack-s">
        <h2>You can stop it at once</h2>
        <p>One click disconnects an app. Its next request is refused, whatever it was doing.</p>
      </section>
    </div>
    <section class="section columns left">
      <div class="stack-s">
        <h2>Connect an AI tool</h2>
        <p class="muted">Run one command; your browser opens, you sign in and approve.</p>
      </div>
      ${connectGuide(publicUrl, true)}
    </section>
  </div>`;
