// A grammY bot as its guide writes one: node walk.mjs ADDRESS TOKEN polling|webhook
import { createServer } from "node:http";
import { autoRetry } from "@grammyjs/auto-retry";
import { Bot, GrammyError, InlineKeyboard, InputFile, webhookCallback } from "grammy";

const [address, token, way] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot: address } });
bot.api.config.use(autoRetry());

bot.command("start", (ctx) =>
  ctx.reply(`<b>Hallo</b> ${ctx.match}`, {
    parse_mode: "HTML",
    reply_markup: new InlineKeyboard().text("Ja", "yes"),
  }));

bot.callbackQuery("yes", async (ctx) => {
  await ctx.answerCallbackQuery({ text: "Gezählt", show_alert: true });
  await ctx.editMessageText("Danke");
});

bot.on("message:document", async (ctx) => {
  const file = await ctx.getFile();
  const response = await fetch(`${address}/file/bot${token}/${file.file_path}`);
  const upper = (await response.text()).toUpperCase();
  await ctx.replyWithDocument(new InputFile(new TextEncoder().encode(upper), "zurück.txt"));
});

bot.command("oft", (ctx) => ctx.reply("Nachgeholt"));

bot.on("my_chat_member", async (ctx) => {
  if (ctx.myChatMember.new_chat_member.status !== "kicked") return;
  try {
    await ctx.reply("Noch da?");
  } catch (error) {
    if (!(error instanceof GrammyError)) throw error;
    await ctx.api.sendMessage(2, `${error.error_code} ${error.description}`);
  }
});

if (way === "polling") {
  process.once("SIGTERM", () => bot.stop());
  await bot.start({ allowed_updates: ["message", "callback_query", "my_chat_member"] });
} else {
  const server = createServer(webhookCallback(bot, "http", { secretToken: "s3cret" }));
  server.listen(0, "127.0.0.1", async () => {
    await bot.init();
    await bot.api.setWebhook(`http://127.0.0.1:${server.address().port}/`, {
      secret_token: "s3cret",
      allowed_updates: ["message", "callback_query", "my_chat_member"],
    });
  });
  process.once("SIGTERM", async () => {
    await bot.api.deleteWebhook();
    server.closeAllConnections();
    server.close();
  });
}
