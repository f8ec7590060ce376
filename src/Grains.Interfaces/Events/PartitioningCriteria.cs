namespace CapifOrleans.Events;

/// <summary>By what reporters are partitioned (29.571 5.2.4).</summary>
[GenerateSerializer, Alias("CAPIF.PartitioningCriteria"), JsonConverter(typeof(JsonStringEnumConverter<PartitioningCriteria>))]
public enum PartitioningCriteria
{
    /// <summary><c>TAC</c>.</summary>
    [JsonStringEnumMemberName("TAC")]
    Tac,

    /// <summary><c>SUBPLMN</c>.</summary>
    [JsonStringEnumMemberName("SUBPLMN")]
    Subplmn,

    /// <summary><c>GEOAREA</c>.</summary>
    [JsonStringEnumMemberName("GEOAREA")]
    Geoarea,

    /// <summary><c>SNSSAI</c>.</summary>
    [JsonStringEnumMemberName("SNSSAI")]
    Snssai,

    /// <summary><c>DNN</c>.</summary>
    [JsonStringEnumMemberName("DNN")]
    Dnn,
}
