import { ApplicationCommandType, ApplicationIntegrationType, ContextMenuCommandBuilder, InteractionContextType, SlashCommandBuilder } from 'discord.js';

const verbs = {
  secret: 'Reply to one person only',
  card: 'Reply with buttons and a select',
  form: 'Open a form with labels',
  oldform: 'Open a form with action rows',
  threads: 'Open threads and close them',
  once: 'Send the same message twice',
  denied: 'Do what is not permitted',
  direct: 'Say something to one person in direct messages',
  faces: 'Speak through a webhook',
  layout: 'Reply with Components V2',
  file: 'Reply with a file',
  history: 'Read and pin messages',
};

const root = new SlashCommandBuilder()
  .setName('baton')
  .setDescription('Run the protocol')
  .setContexts(InteractionContextType.Guild)
  .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
  .addSubcommand((verb) => verb
    .setName('persona')
    .setDescription('Switch the persona')
    .addStringOption((name) => name.setName('name').setDescription('whose').setAutocomplete(true).setRequired(true)));
for (const [name, description] of Object.entries(verbs)) {
  root.addSubcommand((verb) => verb.setName(name).setDescription(description));
}

export const commands = [
  root,
  new ContextMenuCommandBuilder()
    .setName('Record decision')
    .setType(ApplicationCommandType.Message)
    .setContexts(InteractionContextType.Guild)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall),
];
