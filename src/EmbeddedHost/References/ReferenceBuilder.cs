using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Runtime;

/// <summary>
/// Writes, at run time, what Orleans' source generator writes at build time: for an interface a class of references, and for each of its
/// methods a class of requests that holds the arguments and knows how to call the method with them.
/// </summary>
internal static class ReferenceBuilder
{
    private const string IgnoresAccessChecksTo = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";
    private const TypeAttributes Sealed = TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class;
    private const MethodAttributes Implementation =
        MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot;

    /// <summary>Makes the class of references to <paramref name="type"/>; the result makes one of them.</summary>
    public static Func<CallReference> Build(Type type, MethodInfo[] methods, Type baseType)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"{type.FullName}.References"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("References");
        AllowInternals(assembly, module, [typeof(ReferenceBuilder).Assembly, .. Mentioned(type, methods)]);

        var reference = module.DefineType($"{type.Name}Reference", Sealed, baseType, [type]);
        var constructor = reference.DefineDefaultConstructor(MethodAttributes.Public);
        for (var index = 0; index < methods.Length; index++)
            DefineMethod(module, reference, methods[index], index);

        var make = reference.DefineMethod("Make", MethodAttributes.Public | MethodAttributes.Static, typeof(CallReference), []);
        var code = make.GetILGenerator();
        code.Emit(OpCodes.Newobj, constructor);
        code.Emit(OpCodes.Ret);
        return reference.CreateType().GetMethod(make.Name)!.CreateDelegate<Func<CallReference>>();
    }

    private static void DefineMethod(ModuleBuilder module, TypeBuilder reference, MethodInfo method, int index)
    {
        var result = GrainMethod.ReturnedValue(method);
        var parameters = Array.ConvertAll(method.GetParameters(), one => one.ParameterType);
        var request = DefineRequest(module, method, index, parameters, result, out var requestConstructor, out var fields);

        var body = reference.DefineMethod($"{method.DeclaringType!.Name}.{method.Name}.{index}", Implementation, method.ReturnType, parameters);
        reference.DefineMethodOverride(body, method);
        var code = body.GetILGenerator();
        var local = code.DeclareLocal(request);
        code.Emit(OpCodes.Newobj, requestConstructor);
        code.Emit(OpCodes.Stloc, local);
        for (var parameter = 0; parameter < parameters.Length; parameter++)
        {
            code.Emit(OpCodes.Ldloc, local);
            code.Emit(OpCodes.Ldarg, parameter + 1);
            code.Emit(OpCodes.Stfld, fields[parameter]);
        }

        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldloc, local);
        code.Emit(OpCodes.Ldc_I4, index);
        code.Emit(OpCodes.Call, result is null ? Own(typeof(CallReference), nameof(CallReference.Call))
            : Own(typeof(CallReference), nameof(CallReference.CallForResult)).MakeGenericMethod(result));
        if (method.ReturnType == typeof(void))
            code.Emit(OpCodes.Pop);
        else if (method.ReturnType.IsValueType)
            code.Emit(OpCodes.Newobj, method.ReturnType.GetConstructor([result is null ? typeof(Task) : typeof(Task<>).MakeGenericType(result)])!);
        code.Emit(OpCodes.Ret);
    }

    private static Type DefineRequest(
        ModuleBuilder module, MethodInfo method, int index, Type[] parameters, Type? result, out ConstructorInfo constructor, out FieldInfo[] fields)
    {
        var baseType = result is null ? typeof(TaskRequest) : typeof(TaskRequest<>).MakeGenericType(result);
        var request = module.DefineType($"{method.Name}Request{index}", Sealed, baseType);
        var its = new FieldInfo[parameters.Length];
        for (var parameter = 0; parameter < its.Length; parameter++)
            its[parameter] = request.DefineField("argument" + parameter, parameters[parameter], FieldAttributes.Public);

        var inherited = Own(baseType, nameof(TaskRequest.Invoke));
        var invoke = request.DefineMethod(
            inherited.Name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, inherited.ReturnType, [typeof(object)]);
        var code = invoke.GetILGenerator();
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in its)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldfld, field);
        }

        code.Emit(OpCodes.Callvirt, method);
        if (method.ReturnType == typeof(void))
        {
            code.Emit(OpCodes.Call, typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod!);
        }
        else if (method.ReturnType.IsValueType)
        {
            var returned = code.DeclareLocal(method.ReturnType);
            code.Emit(OpCodes.Stloc, returned);
            code.Emit(OpCodes.Ldloca, returned);
            code.Emit(OpCodes.Call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }

        code.Emit(OpCodes.Ret);
        constructor = request.DefineDefaultConstructor(MethodAttributes.Public);
        var made = request.CreateType();
        fields = its;
        return made;
    }

    private static MethodInfo Own(Type type, string name) => type.GetMethod(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;

    /// <summary>The assemblies whose types the code names.</summary>
    private static IEnumerable<Assembly> Mentioned(Type type, MethodInfo[] methods) =>
        methods.SelectMany(one => one.GetParameters().Select(parameter => parameter.ParameterType).Append(one.ReturnType).Append(one.DeclaringType!))
            .Append(type).SelectMany(Parts).Select(one => one.Assembly);

    private static IEnumerable<Type> Parts(Type type) => type.GenericTypeArguments.SelectMany(Parts).Append(type);

    /// <summary>Grain interfaces may be internal to their assembly, as they may for Orleans' generated code: the runtime honours this attribute.</summary>
    private static void AllowInternals(AssemblyBuilder assembly, ModuleBuilder module, IEnumerable<Assembly> others)
    {
        var attribute = module.DefineType(IgnoresAccessChecksTo, Sealed, typeof(Attribute));
        var constructor = attribute.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        code.Emit(OpCodes.Ret);
        var usage = typeof(AttributeUsageAttribute);
        attribute.SetCustomAttribute(new CustomAttributeBuilder(
            usage.GetConstructor([typeof(AttributeTargets)])!, [AttributeTargets.Assembly], [usage.GetProperty(nameof(AttributeUsageAttribute.AllowMultiple))!], [true]));
        var made = attribute.CreateType().GetConstructor([typeof(string)])!;
        foreach (var name in others.Select(one => one.GetName().Name!).Distinct())
            assembly.SetCustomAttribute(new CustomAttributeBuilder(made, [name]));
    }
}
