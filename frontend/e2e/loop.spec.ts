import { type Browser, expect, type Page, test } from '@playwright/test';
import { loginOf, type Person, signIn } from './support/accounts';
import { allJudged, readEstimate, startAudit } from './support/auditing';
import { currentTask, openWorkbench } from './support/queue';

/** The whole loop on a new project, by its pages alone: from an empty project to an audit's estimate and back to people. */

const N = 24;

/** Drawings that a person can tell apart at a glance, with noise that makes no two of them alike. */
async function drawings(page: Page, colours: readonly [string, string], first: number) {
  const urls = await page.evaluate(
    ({ n, colours: [disc, square] }) =>
      Array.from({ length: 2 * n }, (_, i) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 64;
        const context = canvas.getContext('2d');
        if (!context) throw new Error('There is no canvas.');
        for (let at = 0; at < 64 * 64; at += 1) {
          context.fillStyle = `hsl(0 0% ${60 + Math.random() * 30}%)`;
          context.fillRect(at % 64, Math.floor(at / 64), 1, 1);
        }
        context.fillStyle = i < n ? disc : square;
        const [x, y, r] = [20 + Math.random() * 24, 20 + Math.random() * 24, 10 + Math.random() * 8];
        context.beginPath();
        if (i < n) context.arc(x, y, r, 0, 7);
        else context.rect(x - r, y - r, 2 * r, 2 * r);
        context.fill();
        return canvas.toDataURL('image/png');
      }),
    { n: N, colours },
  );
  return urls.map((url, i) => ({
    name: `${i < N ? 'disc' : 'square'}-${first + i}.png`,
    mimeType: 'image/png',
    buffer: Buffer.from(url.split(',')[1] ?? '', 'base64'),
  }));
}

async function asPerson(browser: Browser, person: Person): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(40_000);
  await signIn(page, person);
  return page;
}

async function openProject(page: Page): Promise<string> {
  await page.goto('/projects');
  await page.getByRole('button', { name: 'New project' }).click();
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: 'Name', exact: true })
    .fill(`Loop ${Date.now()}`);
  await page.getByRole('button', { name: 'Open the project' }).click();
  await page.waitForURL(/\/p\/[^/]+\/brief/);
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

async function signBrief(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Which of these comes nearest?' }).click();
  await page.getByRole('option').first().click();
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await page.getByRole('button', { name: /^Sign/ }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Your name' }).fill('Olga Owner');
  await form.getByRole('button', { name: 'Sign' }).click();
  await expect(page.getByText(/Signed by Olga Owner/)).toBeVisible();
}

async function addMember(page: Page, project: string, person: Person, role: string): Promise<void> {
  await page.goto(`/p/${project}/settings/members`);
  await page.getByRole('textbox', { name: 'E-mail' }).fill(loginOf(person).email);
  await page.getByRole('combobox', { name: 'Role', exact: true }).click();
  await page.getByRole('option', { name: role }).click();
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('row', { name: new RegExp(loginOf(person).email) })).toBeVisible();
}

async function importDrawings(
  page: Page,
  project: string,
  what: { source: string; population: string; files: Awaited<ReturnType<typeof drawings>> },
): Promise<void> {
  await page.goto(`/p/${project}/data/import`);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await choosing).setFiles([...what.files]);
  await page.getByRole('combobox', { name: 'Source' }).fill(what.source);
  await page.getByRole('combobox', { name: 'Population' }).fill(what.population);
  await page.getByRole('button', { name: 'Upload and import' }).click();
  const n = what.files.length;
  await expect(page.getByText(`${n} of ${n} files are new items; 0 were rejected.`)).toBeVisible({
    timeout: 90_000,
  });
}

async function writeSchema(page: Page, project: string): Promise<void> {
  await page.goto(`/p/${project}/settings/schema`);
  await page.getByRole('button', { name: 'Write a label schema' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Name of the schema' }).fill('Outlines');
  await form.getByRole('textbox', { name: 'Question', exact: true }).fill('What is drawn?');
  await form.getByRole('textbox', { name: 'Classes' }).fill('disc = Disc\nsquare = Square');
  await form.getByRole('button', { name: 'Save the schema' }).click();
  await expect(page.getByText('Square').first()).toBeVisible();
}

/** The page of the new queue. */
async function openQueueOf(page: Page, project: string, name: string): Promise<string> {
  await page.goto(`/p/${project}/label`);
  await page.getByRole('button', { name: 'New queue' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await form.getByRole('textbox', { name: /^People for each item/ }).fill('1');
  await form.getByRole('button', { name: 'Create the queue' }).click();
  await page.waitForURL(/\/label\/[0-9a-f-]+\/overview/);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(`of ${2 * N}`, { exact: true })).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 120_000 });
  return new URL(page.url()).pathname.split('/')[4] ?? '';
}

/** Answers everything, by what the file is named after. */
async function labelAll(
  page: Page,
  project: string,
  queue: string,
  keyFor: (name: string) => string,
): Promise<void> {
  await openWorkbench(page, { project, queue });
  for (;;) {
    await expect(page.locator('[data-picture="shown"], [data-message]').first()).toBeVisible();
    if ((await page.locator('[data-message]').count()) > 0) return;
    const before = await currentTask(page);
    const said = await page.locator('header p').allTextContents();
    await page.keyboard.press(keyFor(said.join(' ')));
    await expect.poll(() => currentTask(page)).not.toBe(before);
  }
}

/** What the answers say together, made labels. */
async function agree(page: Page, project: string, queue: string): Promise<void> {
  await page.goto(`/p/${project}/label/${queue}/overview`);
  await page.getByRole('combobox', { name: 'Method' }).click();
  await page.getByRole('option', { name: 'Majority' }).click();
  await page.getByRole('button', { name: /^Compute/ }).click();
  await page.getByRole('button', { name: /^Accept from/ }).click({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(page.getByText(`${2 * N} items have become labels.`)).toBeVisible({ timeout: 90_000 });
}

async function freeze(page: Page, project: string): Promise<void> {
  await page.goto(`/p/${project}/versions`);
  await page.getByRole('button', { name: 'Freeze a version' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: /^Name/ }).fill('outlines');
  await form.getByRole('button', { name: 'Freeze', exact: true }).click();
  await expect(page.getByText(`is frozen with ${2 * N} items`, { exact: false })).toBeVisible({
    timeout: 90_000,
  });
}

async function train(page: Page, project: string): Promise<void> {
  await page.goto(`/p/${project}/models`);
  await page.getByRole('button', { name: 'Start a run' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByRole('combobox', { name: 'Recipe' }).click();
  await page.getByRole('option', { name: 'Small convolutional network' }).click();
  await form.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/models\/runs\//);
  await page.getByRole('button', { name: 'Register as a model' }).click({ timeout: 300_000 });
  await page.getByRole('combobox', { name: 'Line' }).fill('outlines');
  await page.getByRole('dialog').getByRole('button', { name: 'Register' }).click();
  await page.waitForURL(/\/models\/[0-9a-f-]+$/);
}

async function release(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Release' }).click();
  await page.getByRole('button', { name: 'Send it through the gate' }).click();
  await expect(page.getByText(/It (passed|did not pass)\./).first()).toBeVisible({ timeout: 120_000 });
  await page.getByRole('combobox', { name: 'Endpoint', exact: true }).fill('outlines');
  const despite = page.getByRole('checkbox', { name: /^Release although/ });
  if ((await despite.count()) > 0) {
    await despite.check();
    await page.getByRole('textbox', { name: /^Reason/ }).fill('A walk, not a product');
  }
  await page.getByRole('button', { name: 'Release to outlines' }).click();
  await expect(page.getByText(/It answers at outlines/)).toBeVisible({ timeout: 120_000 });
}

/** What a program does: it asks the endpoint. */
async function ask(page: Page, project: string, files: Awaited<ReturnType<typeof drawings>>): Promise<void> {
  const token = (await page.context().cookies()).find(({ name }) => name === 'csrftoken')?.value ?? '';
  for (const images of files) {
    const answer = await page.request.post(`/api/v1/projects/${project}/endpoints/outlines/predict`, {
      multipart: { images },
      headers: { 'X-CSRFToken': token },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  }
}

/** What the model finds hard goes to the people who label. */
async function sendHardSamples(page: Page, project: string): Promise<void> {
  await page.goto(`/p/${project}/production?tab=hard-samples`);
  await page.getByRole('button', { name: 'Find hard samples' }).first().click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(Find|Search)/ })
    .click();
  await page.getByRole('button', { name: 'Send to the queue' }).click({ timeout: 120_000 });
  await expect(page.getByText('Sent to a queue').first()).toBeVisible({ timeout: 60_000 });
}

test('from an empty project to an audit’s estimate, and what is hard goes back to people', async ({
  browser,
}) => {
  test.setTimeout(900_000);
  const owner = await asPerson(browser, 'owner');
  const project = await openProject(owner);
  await signBrief(owner);
  await addMember(owner, project, 'annotator', 'Annotator');
  await addMember(owner, project, 'researcher', 'Researcher');
  await importDrawings(owner, project, {
    source: 'Drawings',
    population: 'training',
    files: await drawings(owner, ['#b00', '#06c'], 1),
  });
  await writeSchema(owner, project);
  const queue = await openQueueOf(owner, project, 'What is drawn?');
  const annotator = await asPerson(browser, 'annotator');
  await labelAll(annotator, project, queue, (name) => (name.includes('disc-') ? 'Digit1' : 'Digit2'));
  await agree(owner, project, queue);
  await freeze(owner, project);
  await train(owner, project);
  await release(owner);

  // Other colours than those it learned.
  await ask(owner, project, await drawings(owner, ['#283', '#a4a'], 101));
  const audit = await startAudit(owner, project, 6);
  await labelAll(annotator, project, audit.queue.id, () => 'Digit1');
  await allJudged(owner, project, audit);
  await readEstimate(owner, project, audit);
  await sendHardSamples(owner, project);

  const researcher = await asPerson(browser, 'researcher');
  await researcher.goto(`/p/${project}/versions/outlines@v1`);
  await expect(researcher.getByText(/image_dataset_from_directory/).first()).toBeVisible();
});
