global using System.Collections.Immutable;
global using System.Text.Json.Serialization;
global using Microsoft.AspNetCore.Http;
global using Microsoft.Extensions.DependencyInjection;
global using Microsoft.Extensions.Logging;
