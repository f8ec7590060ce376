namespace CapifOrleans.Grains;

/// <summary>What grains do with their reminders.</summary>
internal static class GrainReminders
{
    /// <summary>Ends a reminder; nothing happens where there is none.</summary>
    public static async Task EndReminderAsync(this Grain grain, string name)
    {
        if (await grain.GetReminder(name) is { } reminder)
            await grain.UnregisterReminder(reminder);
    }
}
