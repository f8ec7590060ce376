using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>The pages of resource owners in a real browser: by keyboard, by what a screen reader hears, without script, and not in a frame.</summary>
[Collection(nameof(CoreCollection))]
public sealed class BrowserTests(CoreFixture core)
{
    [ChromiumFact]
    public async Task OwnerAllowsByKeyboard_SeesTheConsent_AndTakesItBack()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        await using var browser = await Browser.StartAsync();
        var page = browser.Page;
        await page.GotoAsync(scenario.Authorize().ToString());
        Assert.Equal("Allow access?", await page.TitleAsync());
        Assert.True(await page.GetByRole(AriaRole.Heading, new() { Name = "Allow access?", Level = 1 }).IsVisibleAsync());
        Assert.True(await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem).GetByText(scenario.ApiName).IsVisibleAsync());
        Assert.Equal("en", await page.Locator("html").GetAttributeAsync("lang"));

        // Wrong first: the alert is told, and the fields are said to be wrong.
        await page.GetByLabel("Your identifier").FillAsync(scenario.Gpsi);
        await page.GetByLabel("Password").FillAsync("wrong password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        Assert.Contains("wrong", await page.GetByRole(AriaRole.Alert).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("true", await page.GetByLabel("Password").GetAttributeAsync("aria-invalid"));

        // Then by keyboard alone.
        await page.GetByLabel("Your identifier").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(OwnerScenario.Password);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(scenario.RedirectUri + "?*");
        var answer = QueryHelpers.ParseQuery(new Uri(page.Url).Query);
        Assert.Equal("st&te", answer["state"]);
        await scenario.Security.TokenOkAsync(scenario.Invoker, scenario.Redemption(answer["code"]!));

        await page.GotoAsync(new Uri(core.Target.Enrolment, "/resource-owner").ToString());
        await page.GetByLabel("Your identifier").FillAsync(scenario.Gpsi);
        await page.GetByLabel("Password").FillAsync(OwnerScenario.Password);
        await page.Keyboard.PressAsync("Enter");
        var button = page.GetByRole(AriaRole.Button, new() { NameRegex = new System.Text.RegularExpressions.Regex(scenario.ApiName) });
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Contains("taken back", await page.GetByRole(AriaRole.Status).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await button.CountAsync());
        await scenario.Security.TokenRefusedAsync(scenario.Invoker, "invalid_grant", ("scope", scenario.Scope), ("gpsi", scenario.Gpsi));
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task OwnerDenies_WithoutAPassword()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        await using var browser = await Browser.StartAsync();
        await browser.Page.GotoAsync(scenario.Authorize().ToString());
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await browser.Page.WaitForURLAsync(scenario.RedirectUri + "?*");
        Assert.Contains("error=access_denied", browser.Page.Url, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Page_IsNotShownInAFrame()
    {
        await using var scenario = await OwnerScenario.StartAsync(core);
        await using var browser = await Browser.StartAsync(javaScript: true);
        await browser.Page.SetContentAsync($"<iframe src=\"{scenario.Authorize().ToString().Replace("&", "&amp;", StringComparison.Ordinal)}\"></iframe>");
        await browser.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Equal(0, await browser.Page.FrameLocator("iframe").GetByLabel("Password").CountAsync());
        Assert.Contains(browser.Complaints, text => text.Contains("frame-ancestors", StringComparison.Ordinal) || text.Contains("X-Frame-Options", StringComparison.Ordinal));
    }

    /// <summary>A headless chromium with a profile of its own.</summary>
    private sealed class Browser : IAsyncDisposable
    {
        private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("capif-browser-");
        private IPlaywright _playwright = null!;
        private IBrowserContext _context = null!;

        public IPage Page { get; private set; } = null!;

        public List<string> Complaints { get; } = [];

        public static async Task<Browser> StartAsync(bool javaScript = false)
        {
            var browser = new Browser { _playwright = await Playwright.CreateAsync() };
            browser._context = await browser._playwright.Chromium.LaunchPersistentContextAsync(browser._profile.FullName, new()
            {
                ExecutablePath = ChromiumFactAttribute.Chromium,
                Headless = true,
                // The root of the core function is of this test's own making.
                IgnoreHTTPSErrors = true,
                JavaScriptEnabled = javaScript,
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync",
                ],
            });
            browser.Page = browser._context.Pages[0];
            browser.Page.SetDefaultTimeout(20_000);
            browser.Page.Console += (_, message) =>
            {
                if (message.Type == "error" && !message.Text.Contains("status of", StringComparison.Ordinal))
                    browser.Complaints.Add(message.Text);
            };
            return browser;
        }

        public async ValueTask DisposeAsync()
        {
            await _context.DisposeAsync();
            _playwright.Dispose();
            _profile.Delete(recursive: true);
        }
    }
}
