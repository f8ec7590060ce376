namespace CapifOrleans.Grains.Enrolment;

internal sealed partial class EnrolmentUserGrain
{
    [LoggerMessage(1, LogLevel.Information, "Account {UserName} {Uuid} was made; administrator: {IsAdministrator}")]
    private partial void Created(string userName, string uuid, bool isAdministrator);

    [LoggerMessage(2, LogLevel.Information, "Account {UserName} {Uuid} was removed")]
    private partial void Removed(string userName, string uuid);

    [LoggerMessage(3, LogLevel.Information, "{UserName} {Uuid} logged in")]
    private partial void LoggedIn(string userName, string uuid);

    [LoggerMessage(4, LogLevel.Warning, "A log-in as {UserName} failed")]
    private partial void LogInFailed(string userName);

    [LoggerMessage(5, LogLevel.Warning, "A log-in as {UserName} was refused: locked after too many failures")]
    private partial void LockedOut(string userName);
}
