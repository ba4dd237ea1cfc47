package discordtest

import "sync"

// routes are the routes this fake has.
var routes = sync.OnceValue(func() []*route {
	var all []*route
	for _, group := range [][]*route{
		applicationRoutes(), channelRoutes(), messageRoutes(), threadRoutes(), webhookRoutes(), guildRoutes(),
	} {
		all = append(all, group...)
	}
	return all
})

func applicationRoutes() []*route {
	return []*route{
		get("/gateway", getGateway),
		get("/gateway/bot", getGatewayBot),
		get("/users/@me", getMe),
		get("/users/{user_id}", getUser),
		get("/applications/@me", getApplication),
		patch("/applications/@me", patchApplication),
		get("/applications/{application_id}", getApplication),
		patch("/applications/{application_id}", patchApplication),
		get("/oauth2/applications/@me", getApplication),

		get("/applications/{application_id}/commands", listCommands),
		put("/applications/{application_id}/commands", putCommands),
		post("/applications/{application_id}/commands", postCommand),
		get("/applications/{application_id}/commands/{command_id}", getCommand),
		patch("/applications/{application_id}/commands/{command_id}", patchCommand),
		del("/applications/{application_id}/commands/{command_id}", deleteCommand),
		get("/applications/{application_id}/guilds/{guild_id}/commands", listCommands),
		put("/applications/{application_id}/guilds/{guild_id}/commands", putCommands),
		post("/applications/{application_id}/guilds/{guild_id}/commands", postCommand),
		get("/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", getCommand),
		patch("/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", patchCommand),
		del("/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", deleteCommand),

		post("/interactions/{interaction_id}/{interaction_token}/callback", postCallback),
	}
}

func channelRoutes() []*route {
	return []*route{
		get("/channels/{channel_id}", getChannel),
		patch("/channels/{channel_id}", patchChannel),
		del("/channels/{channel_id}", deleteChannel),
		post("/channels/{channel_id}/typing", postTyping),
		get("/channels/{channel_id}/messages/pins", listPins),
		put("/channels/{channel_id}/messages/pins/{message_id}", putPin),
		del("/channels/{channel_id}/messages/pins/{message_id}", deletePin),
	}
}

func messageRoutes() []*route {
	return []*route{
		get("/channels/{channel_id}/messages", listMessages),
		post("/channels/{channel_id}/messages", postMessage),
		get("/channels/{channel_id}/messages/{message_id}", getMessage),
		patch("/channels/{channel_id}/messages/{message_id}", patchMessage),
		del("/channels/{channel_id}/messages/{message_id}", deleteMessage),
		post("/channels/{channel_id}/messages/{message_id}/crosspost", crosspost),
		put("/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", putReaction),
	}
}

func threadRoutes() []*route {
	return []*route{
		post("/channels/{channel_id}/messages/{message_id}/threads", threadFromMessage),
		post("/channels/{channel_id}/threads", postThread),
		put("/channels/{channel_id}/thread-members/@me", joinThread),
		del("/channels/{channel_id}/thread-members/@me", leaveThread),
		put("/channels/{channel_id}/thread-members/{user_id}", addToThread),
		get("/channels/{channel_id}/thread-members", listThreadMembers),
		get("/guilds/{guild_id}/threads/active", activeThreads),
		get("/channels/{channel_id}/threads/archived/public", archivedThreads),
	}
}

func webhookRoutes() []*route {
	return []*route{
		get("/channels/{channel_id}/webhooks", listWebhooks),
		post("/channels/{channel_id}/webhooks", postWebhook),
		get("/webhooks/{webhook_id}", getWebhook),
		del("/webhooks/{webhook_id}", deleteWebhook),
		get("/webhooks/{webhook_id}/{webhook_token}", getWebhook),
		post("/webhooks/{webhook_id}/{webhook_token}", executeWebhook),
		get("/webhooks/{webhook_id}/{webhook_token}/messages/@original", getWebhookMessage),
		patch("/webhooks/{webhook_id}/{webhook_token}/messages/@original", patchWebhookMessage),
		del("/webhooks/{webhook_id}/{webhook_token}/messages/@original", deleteWebhookMessage),
		get("/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", getWebhookMessage),
		patch("/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", patchWebhookMessage),
		del("/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", deleteWebhookMessage),
	}
}

func guildRoutes() []*route {
	return []*route{
		get("/guilds/{guild_id}", getGuild),
		get("/guilds/{guild_id}/channels", listChannels),
		get("/guilds/{guild_id}/roles", listRoles),
		get("/guilds/{guild_id}/members/{user_id}", getMember),
		get("/users/@me/guilds", listMyGuilds),
		post("/users/@me/channels", openDirect),
	}
}
