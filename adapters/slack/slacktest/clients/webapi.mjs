// Slack's own Web API client walks through the methods that Baton needs and
// looks at the answers itself.
import assert from 'node:assert/strict';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';

const { SLACK_API_URL: slackApiUrl, SLACK_BOT_TOKEN: token } = process.env;
const options = { slackApiUrl, logLevel: LogLevel.ERROR };
const web = new WebClient(token, options);
const channel = 'C1';
const refused = async (call, code) => {
  await assert.rejects(call, (e) => e.code === ErrorCode.PlatformError && e.data.error === code);
};

const me = await web.auth.test();
assert.equal(me.user_id, 'UBOT');

const root = await web.chat.postMessage({
  channel, text: 'root', metadata: { event_type: 'session', event_payload: { id: 'S1' } }, unfurl_links: false, unfurl_media: false,
  blocks: [{ type: 'markdown', text: '# root' }, { type: 'divider' }],
});
const reply = await web.chat.postMessage({ channel, text: 'reply', thread_ts: root.ts, reply_broadcast: true });
assert.ok(reply.ts > root.ts);
await web.chat.update({ channel, ts: root.ts, text: 'root, edited' });
const thread = await web.conversations.replies({ channel, ts: root.ts, include_all_metadata: true });
assert.equal(thread.messages.length, 2);
assert.equal(thread.messages[0].metadata.event_payload.id, 'S1');
assert.equal(thread.messages[0].text, 'root, edited');

let pages = 0;
for await (const page of web.paginate('conversations.history', { channel, limit: 1 })) {
  assert.equal(page.messages.length, 1);
  pages += 1;
}
assert.equal(pages, 2, 'the root and the reply that was sent to the channel too');

const link = await web.chat.getPermalink({ channel, message_ts: reply.ts });
assert.match(link.permalink, /thread_ts=/);
await web.chat.postEphemeral({ channel, user: 'U1', text: 'psst' });
await web.reactions.add({ channel, timestamp: root.ts, name: 'eyes' });
await web.pins.add({ channel, timestamp: root.ts });
await refused(web.reactions.add({ channel, timestamp: root.ts, name: 'eyes' }), 'already_reacted');
assert.equal((await web.users.info({ user: 'U1' })).user.name, 'ana');
assert.equal((await web.conversations.info({ channel })).channel.name, 'launch');
assert.deepEqual((await web.conversations.members({ channel })).members, ['U1', 'U2', 'UBOT']);
assert.equal((await web.conversations.list({ types: 'public_channel,private_channel', exclude_archived: true })).channels.length, 1);
assert.equal((await web.team.info()).team.id, 'T1');
const dm = await web.conversations.open({ users: 'U1' });
await web.chat.postMessage({ channel: dm.channel.id, text: 'in private' });

const streamer = web.chatStream({ channel, thread_ts: root.ts, recipient_team_id: 'T1', recipient_user_id: 'U1', buffer_size: 8 });
await streamer.append({ markdown_text: 'one two three ' });
await streamer.append({ chunks: [{ type: 'task_update', id: 't1', title: 'Look', status: 'in_progress' }] });
await streamer.append({ markdown_text: 'four five six' });
const stopped = await streamer.stop({ chunks: [{ type: 'task_update', id: 't1', title: 'Look', status: 'complete' }] });
assert.equal(stopped.message.text, 'one two three four five six');
await web.assistant.threads.setStatus({ channel_id: channel, thread_ts: root.ts, status: 'thinks' });
await web.agents.sessions.setStatus({ channel_id: channel, thread_ts: root.ts, status: 'processing', title: 'Launch' });
await web.agents.sessions.rename({ channel_id: channel, thread_ts: root.ts, title: 'Launch it' });

const uploaded = await web.filesUploadV2({ channel_id: channel, thread_ts: root.ts, filename: 'a.txt', content: 'the whole run', initial_comment: 'export' });
assert.equal(uploaded.files[0].ok, true);

await refused(web.chat.postMessage({ channel: 'C9', text: 'x' }), 'channel_not_found');
await refused(web.chat.postMessage({ channel, text: 'x', thread_ts: '1.000001' }), 'thread_not_found');
await web.chat.delete({ channel, ts: reply.ts });

// 429: the client waits and comes again; told not to, it says how long.
const once = await web.chat.getPermalink({ channel, message_ts: root.ts });
assert.equal(once.ok, true);
const impatient = new WebClient(token, { ...options, rejectRateLimitedCalls: true });
await assert.rejects(impatient.bots.info({ bot: 'B1' }), (e) => e.code === ErrorCode.RateLimitedError && e.retryAfter === 7);
console.log('walked');
